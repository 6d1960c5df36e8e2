import { signal, type ReadonlySignal } from "@preact/signals";

interface Row {
  id: string;
  version: number;
}

/**
 * The rows of one kind that the page knows, newest first (ids are time-ordered). Answers
 * may arrive in any order: an older version never replaces a newer one.
 */
export class Shelf<T extends Row> {
  private readonly map = signal<ReadonlyMap<string, T>>(new Map());

  /** The rows as a signal, newest first. */
  get rows(): ReadonlySignal<ReadonlyMap<string, T>> {
    return this.map;
  }

  /** All rows, newest first. */
  list(): T[] {
    return [...this.map.value.values()].sort((a, b) => (a.id < b.id ? 1 : a.id > b.id ? -1 : 0));
  }

  get(id: string): T | undefined {
    return this.map.value.get(id);
  }

  /** Takes rows in; equal versions are replaced, since what is shown of a row may differ. */
  put(...rows: T[]): void {
    const known = this.map.peek();
    const fresh = rows.filter((row) => row.version >= (known.get(row.id)?.version ?? 0));
    if (fresh.length === 0) return;
    const next = new Map(known);
    for (const row of fresh) next.set(row.id, row);
    this.map.value = next;
  }

  /** Forgets a row that is not ours to see any more. */
  drop(id: string): void {
    if (!this.map.peek().has(id)) return;
    const next = new Map(this.map.peek());
    next.delete(id);
    this.map.value = next;
  }

  clear(): void {
    this.map.value = new Map();
  }
}
