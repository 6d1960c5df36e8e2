/**
 * Reads a number as people type it, full-width digits and marks included: undefined for
 * nothing, NaN for what is no number.
 */
export function decimal(text: string): number | undefined {
  const plain = text.normalize("NFKC").replace(/[\s_]/g, "").replace("。", ".").replace(/,(?=\d{3}(\D|$))/g, "").replace(",", ".");
  if (plain === "") return undefined;
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(plain) ? Number(plain) : NaN;
}

/** decimal × scale as an integer, rounded up with no regard to binary dust (1.1 × 100 is 110). */
export function scaledUp(n: number, scale: number): number {
  return Math.ceil(Math.round(n * scale * 1e4) / 1e4);
}
