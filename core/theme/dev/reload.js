// Loads the page anew when a file of the theme changed; only `rostra theme dev` serves it.
const events = new EventSource(new URL('events', document.currentScript.src));
events.addEventListener('change', () => location.reload());
