// Telephone numbers in the form in which nearly all are written, read without the rules of the whole world.

/** National and international form; the digits that make the number are what the brackets hold. */
const forms: Record<string, { code: string; form: RegExp }> = {
  FR: { code: '+33', form: /^(?:\+33|0)([1-9])[ .]?(\d\d)[ .]?(\d\d)[ .]?(\d\d)[ .]?(\d\d)$/ },
  US: { code: '+1', form: /^(?:\+1)?[ ]?\(?([2-9]\d\d)\)?[ .-]?(\d{3})[ .-]?(\d{4})$/ },
};

/** E.164, or `undefined` where the rules must be asked. */
export function plainNumber(typed: string, from: string | undefined): string | undefined {
  const rule = from && forms[from];
  const parts = rule && rule.form.exec(typed);
  return parts ? rule.code + parts.slice(1).join('') : undefined;
}
