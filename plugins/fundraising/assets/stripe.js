// Mounts Stripe's Payment Element: card numbers go from the donor's browser to Stripe and never come here.
const form = document.getElementById('give-pay');
const place = document.getElementById('give-element');
const fault = document.getElementById('give-fault');
const button = form.querySelector('button');
const label = button.textContent;
const { publishableKey, clientSecret, returnUrl, locale, unreachable, working } = form.dataset;

function say(text) {
  fault.textContent = text;
}

function work(isWorking) {
  button.disabled = isWorking;
  button.textContent = isWorking ? working : label;
}

/** Stripe wants its script to come from itself (PCI DSS). */
function load() {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = 'https://js.stripe.com/v3/';
    script.onload = () => resolve(window.Stripe(publishableKey, { locale }));
    script.onerror = () => reject(new Error('Stripe'));
    document.head.append(script);
  });
}

const isDark = matchMedia('(prefers-color-scheme: dark)').matches;
const { fontSize } = getComputedStyle(document.body);

button.disabled = true;
load().then(
  (stripe) => {
    const appearance = {
      theme: isDark ? 'night' : 'stripe',
      variables: { fontSizeBase: fontSize },
    };
    const elements = stripe.elements({ clientSecret, appearance });
    elements.create('payment').mount('#give-element');
    button.disabled = false;
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      if (button.disabled) return;
      work(true);
      say('');
      const confirmParams = { return_url: returnUrl };
      const { error } = await stripe.confirmPayment({ elements, confirmParams });
      // In another tab it was paid already.
      const isPaid = ['succeeded', 'processing'].includes(error?.payment_intent?.status);
      if (isPaid || !error) return location.assign(returnUrl);
      say(error.message ?? unreachable);
      work(false);
    });
  },
  () => {
    // Where the fields would be, so that nothing moves.
    place.className = 'give-element fault';
    place.setAttribute('role', 'alert');
    place.textContent = unreachable;
  },
);
