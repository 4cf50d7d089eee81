// Loads the page anew when a file of the theme changed; only `rostra theme dev` serves it.
const { src } = document.currentScript;
const events = new EventSource(new URL(`events${new URL(src).search}`, src));
events.addEventListener('change', () => location.reload());
