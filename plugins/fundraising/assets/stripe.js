// Mounts Stripe's Payment Element: card numbers go from the donor's browser to Stripe and never come here.
const form = document.getElementById('give-pay');
const fault = document.getElementById('give-fault');
const button = form.querySelector('button');
const { publishableKey, clientSecret, returnUrl, unreachable } = form.dataset;

function say(text) {
  fault.textContent = text;
  fault.hidden = text === '';
}

/** Stripe wants its script to come from itself (PCI DSS). */
function load() {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = 'https://js.stripe.com/v3/';
    script.onload = () => resolve(window.Stripe(publishableKey));
    script.onerror = () => reject(new Error('Stripe'));
    document.head.append(script);
  });
}

button.disabled = true;
load().then(
  (stripe) => {
    const elements = stripe.elements({ clientSecret });
    elements.create('payment').mount('#give-element');
    button.disabled = false;
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      button.disabled = true;
      say('');
      const confirmParams = { return_url: returnUrl };
      const { error } = await stripe.confirmPayment({ elements, confirmParams });
      // Only when it did not lead on.
      say(error?.message ?? '');
      button.disabled = false;
    });
  },
  () => say(unreachable),
);
