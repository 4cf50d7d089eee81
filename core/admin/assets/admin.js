// Makes the admin quicker by hand and keyboard; every page works without it.

const shortcut = (event) => {
  const typing = event.target.closest('input, textarea, select, [contenteditable]');
  if (event.key !== '/' || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const search = [...document.querySelectorAll('[data-search], main input[type=search]')].find(
    (input) => input.offsetParent,
  );
  if (!search) return;
  event.preventDefault();
  search.focus();
  search.select();
};

const closeMenus = (but) => {
  for (const menu of document.querySelectorAll('details[data-menu][open]')) {
    if (!menu.contains(but)) menu.open = false;
  }
};

const openDialog = (link, event) => {
  const dialog = document.getElementById(link.dataset.dialog);
  if (!dialog?.showModal) return;
  event.preventDefault();
  dialog.showModal();
};

const close = (button, event) => {
  event.preventDefault();
  const dialog = button.closest('dialog');
  if (location.hash) history.replaceState(null, '', location.pathname + location.search);
  if (dialog?.matches(':modal')) dialog.close();
  else if (dialog) location.replace('#');
  else button.closest('[data-toast]').remove();
};

const pickAll = (box) => {
  for (const one of box.closest('table').querySelectorAll('td.pick input')) {
    one.checked = box.checked;
  }
};

const dress = (root) => {
  for (const hidden of root.querySelectorAll('[data-toast] [data-close], [data-pick-all]')) {
    hidden.hidden = false;
  }
};

document.addEventListener('keydown', (event) => {
  shortcut(event);
  if (event.key !== 'Escape') return;
  const menu = document.activeElement?.closest('details[data-menu][open]');
  closeMenus(null);
  menu?.querySelector('summary').focus();
});
document.addEventListener('click', (event) => {
  closeMenus(event.target);
  const opener = event.target.closest('[data-dialog]');
  const closer = event.target.closest('[data-close]');
  if (opener) openDialog(opener, event);
  if (closer) close(closer, event);
});
document.addEventListener('change', (event) => {
  if (event.target.matches('[data-pick-all]')) pickAll(event.target);
});
document.addEventListener('htmx:load', (event) => dress(event.target));
dress(document);
document.querySelector('.side-scroll [aria-current]')?.scrollIntoView({ block: 'nearest' });
// On a telephone the tab that is open may lie beyond the edge.
for (const tab of document.querySelectorAll('.tabs [aria-current]')) {
  tab.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}
document.getElementById('errors')?.focus();
