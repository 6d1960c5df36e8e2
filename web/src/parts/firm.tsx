import { number } from "../logic/format";
import type { Party, WordRecord } from "../logic/types";
import { words } from "../words/words";

/** How a firm has kept its word, in plain words; nothing where nothing is told. */
export function recordText(record: WordRecord | undefined): string {
  const { trust: say } = words();
  if (!record) return "";
  const parts = [
    record.asked > 0 && say.answered(number(record.answered), number(record.asked)),
    record.owed > 0 && say.kept(number(record.kept), number(record.owed)),
    record.asked_again > 0 && say.reconfirmed(number(record.reconfirmed), number(record.asked_again)),
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(say.and) : say.new;
}

/** A firm by its name, and below it how it has kept its word. */
export function Firm({ of }: { of: Party | undefined }) {
  if (!of?.name) return null;
  const record = recordText(of.record);
  return <>{of.name}{record && <span class="line soft small" data-testid="record" data-new={String(of.record?.new ?? false)}>{record}</span>}</>;
}
