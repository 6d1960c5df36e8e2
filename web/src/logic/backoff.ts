/** How long to wait before try n (0 is the first repetition), in milliseconds. */
export interface Backoff {
  first: number;
  most: number;
}

/**
 * Doubling delay with jitter: between half and the whole of first × 2^n, never above
 * most. random is in [0, 1).
 */
export function delay(n: number, { first, most }: Backoff, random: () => number = Math.random): number {
  const whole = Math.min(most, first * 2 ** Math.min(n, 30));
  return Math.round(whole * (0.5 + random() / 2));
}
