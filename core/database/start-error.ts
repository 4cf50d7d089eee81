// Why Rostra cannot start, in one sentence that says what is wrong and what to do.

/** The program prints the message alone, without a stack, and exits with 1. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
