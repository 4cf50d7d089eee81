// A picture from one's own computer in a letter: made as small as a letter needs, put among those of the site, and chosen.
// Without this file it is put there by hand first, as it is.

/** Bytes that each reader's telephone loads, at most. */
const heaviest = 300_000;
/** Pixels across and quality: the first that is light enough is taken. */
const tries = [
  [1200, 0.82],
  [1200, 0.7],
  [1000, 0.65],
  [800, 0.6],
  [640, 0.5],
];
const [[widest]] = tries;

const draw = async (bitmap, wide, quality) => {
  const scale = Math.min(1, wide / bitmap.width);
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(bitmap.width * scale);
  canvas.height = Math.round(bitmap.height * scale);
  const sheet = canvas.getContext('2d');
  // JPEG knows no glass: what shone through is white, as the letter is.
  sheet.fillStyle = '#fff';
  sheet.fillRect(0, 0, canvas.width, canvas.height);
  sheet.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, 'image/jpeg', quality));
};

/** What moves, and what the browser cannot read, is sent as it is: the server says what it thinks of it. */
const lightened = async (file) => {
  if (!/^image\/(jpeg|png|webp|avif|bmp)$/.test(file.type)) return file;
  const bitmap = await createImageBitmap(file).catch(() => undefined);
  if (!bitmap) return file;
  const isDrawn = /^image\/(jpeg|png)$/.test(file.type);
  if (isDrawn && bitmap.width <= widest && file.size <= heaviest) return file;
  for (const [wide, quality] of tries) {
    const blob = await draw(bitmap, wide, quality);
    if (blob && (blob.size <= heaviest || wide === tries.at(-1)[0])) {
      return new File([blob], file.name.replace(/\.\w+$/, '.jpg'), { type: blob.type });
    }
  }
  return file;
};

const pageOf = async (answer) => new DOMParser().parseFromString(await answer.text(), 'text/html');

/** Answers what is wrong in the server's words, an empty text if it has none. */
const send = async (to, file, alt) => {
  const form = new FormData();
  form.append('alt', alt);
  form.append('file', file, file.name);
  const answer = await fetch(to, { method: 'POST', body: form });
  if (answer.ok) return undefined;
  const page = await pageOf(answer);
  return page.querySelector('#errors li')?.textContent ?? '';
};

/** Offered in every block of the letter; answers the new one. */
const offer = async (alt) => {
  const page = await pageOf(await fetch(location.pathname));
  const found = page.querySelector('select[name=picture]');
  const known = new Set();
  for (const select of document.querySelectorAll('select[name=picture]')) {
    for (const { value } of select.options) known.add(value);
    const chosen = select.value;
    const kept = [...select.selectedOptions];
    select.replaceChildren(...[...(found?.options ?? [])].map((one) => one.cloneNode(true)));
    if (![...select.options].some(({ value }) => value === chosen)) select.append(...kept);
    select.value = chosen;
  }
  const options = [...(found?.options ?? [])].filter(({ value }) => value);
  // The same picture once more is no new one: it has the words that it was given now.
  const isIt = (one) => alt.startsWith(one.text.replace(/…$/, ''));
  return (options.find(({ value }) => !known.has(value)) ?? options.find(isIt))?.value;
};

const take = async (input, own) => {
  const words = JSON.parse(own.dataset.words);
  const block = own.closest('.block');
  const said = own.querySelector('[role=status]');
  const text = block.querySelector('[name=text]');
  const [picked] = input.files;
  if (!picked) return;
  const alt = text.value.trim().slice(0, 300);
  if (!alt) {
    said.textContent = words.alt;
    input.value = '';
    text.focus();
    return;
  }
  said.textContent = words.busy;
  const file = await lightened(picked);
  const fault = await send(own.dataset.to, file, alt);
  if (fault !== undefined) {
    said.textContent = fault || words.failed;
    return;
  }
  const id = await offer(alt);
  if (id) block.querySelector('select[name=picture]').value = id;
  said.textContent = words.done.replace('{size}', Math.ceil(file.size / 1000));
  input.value = '';
};

for (const own of document.querySelectorAll('[data-letter-picture]')) {
  own.hidden = false;
  const input = own.querySelector('input');
  input.addEventListener('change', () =>
    take(input, own).catch(() => {
      own.querySelector('[role=status]').textContent = JSON.parse(own.dataset.words).failed;
    }),
  );
}
