// Beside each colour of the look a swatch to pick it from, and no file sent twice; the form works without it.

const whole = (text) => {
  const digits = /^#?([0-9a-f]{6}|[0-9a-f]{3})$/i.exec(text.trim())?.[1];
  if (!digits) return undefined;
  return `#${digits.length === 3 ? [...digits].map((one) => one + one).join('') : digits}`.toLowerCase();
};

for (const field of document.querySelectorAll('.look-colours input')) {
  const picker = document.createElement('input');
  picker.type = 'color';
  picker.value = whole(field.value) ?? whole(field.placeholder) ?? '#000000';
  picker.setAttribute('aria-label', document.querySelector(`label[for="${field.id}"]`).textContent);
  picker.addEventListener('change', () => {
    field.value = picker.value;
  });
  field.addEventListener('change', () => {
    picker.value = whole(field.value) ?? picker.value;
  });
  const pair = document.createElement('span');
  pair.className = 'look-pick';
  field.before(pair);
  pair.append(field, picker);
}

// A file that has arrived is shown as kept; sent with each later change it would come back after it was taken away.
const sent = new Map();
const files = () => [...document.querySelectorAll('.look-file input[type=file]')];
document.addEventListener('htmx:beforeRequest', () => {
  for (const input of files()) sent.set(input, input.files[0]);
});
document.addEventListener('htmx:afterRequest', () => {
  for (const input of files())
    if (input.files[0] && sent.get(input) === input.files[0]) input.value = '';
});
