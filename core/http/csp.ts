// Content security policy: strict, plus what the plugins that are on have declared.

/** Origins such as `https://js.stripe.com`. */
export interface CspSources {
  formAction?: string[];
  connect?: string[];
  img?: string[];
  frame?: string[];
}
