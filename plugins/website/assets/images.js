// Pictures in the editor: a button that opens the choice, and the picture put where the writer was. A photograph that is
// larger than any page shows is made smaller before it is sent; without this file it is sent as it is.

const widest = 2000;

const shrink = async (input) => {
  const [file] = input.files;
  if (!file || !/^image\/(jpeg|png|webp)$/.test(file.type) || !globalThis.createImageBitmap) return;
  const bitmap = await createImageBitmap(file).catch(() => undefined);
  const scale = widest / Math.max(bitmap?.width ?? 0, bitmap?.height ?? 0);
  if (!bitmap || scale >= 1) return;
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(bitmap.width * scale);
  canvas.height = Math.round(bitmap.height * scale);
  canvas.getContext('2d').drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((done) => canvas.toBlob(done, file.type, 0.86));
  if (!blob || blob.size >= file.size) return;
  const files = new DataTransfer();
  files.items.add(new File([blob], file.name, { type: blob.type }));
  input.files = files.files;
};

/** The paragraph that the writer was in last. */
let place;
const remember = () => {
  const node = document.getSelection().anchorNode;
  const sheet = node?.parentElement?.closest('.rich-sheet');
  for (const block of sheet?.children ?? []) if (block.contains(node)) place = block;
};

const figureOf = ({ src, alt, width, height }) => {
  const wished = Number(document.getElementById('image-width')?.value ?? 1200);
  const wide = Math.min(width, wished);
  const figure = document.createElement('figure');
  const image = document.createElement('img');
  image.setAttribute('src', src);
  image.setAttribute('alt', alt);
  image.setAttribute('width', wide);
  image.setAttribute('height', Math.round((height * wide) / width));
  figure.append(image);
  return figure;
};

const put = (picture) => {
  document.getElementById('images').close();
  const sheet = document.querySelector('.rich-sheet');
  const field = document.querySelector('[data-rich] textarea');
  const figure = figureOf(picture);
  if (!field.hidden) return field.setRangeText(`\n${figure.outerHTML}\n`);
  if (place?.isConnected) place.after(figure);
  else sheet.append(figure);
  // So that one can write on below it.
  if (!figure.nextElementSibling) {
    const next = document.createElement('p');
    next.append(document.createElement('br'));
    figure.after(next);
  }
  sheet.dispatchEvent(new Event('input', { bubbles: true }));
  sheet.focus();
};

const tools = document.querySelector('.rich-tools');
if (tools) {
  const words = JSON.parse(document.querySelector('[data-rich]').dataset.words);
  const button = document.createElement('button');
  Object.assign(button, { type: 'button', textContent: words.image });
  button.addEventListener('click', () => document.getElementById('images').showModal());
  tools.lastElementChild.before(button);
  document.addEventListener('selectionchange', remember);
}

document.addEventListener('click', (event) => {
  const picked = event.target.closest('[data-image]');
  if (picked) put(JSON.parse(picked.dataset.image));
});
document.addEventListener('change', (event) => {
  if (event.target.matches('input[type=file][name=file]')) shrink(event.target);
});
