import { useSignal } from "@preact/signals";
import { between, km, money, span } from "../logic/format";
import { now } from "../logic/market";
import { explain, read, write } from "../logic/net";
import { go } from "../logic/router";
import { bestQuote, boardPath, takeBody, whyNot, type Taker } from "../logic/taking";
import type { Booking, Quote, Quotes } from "../logic/types";
import { words } from "../words/words";
import { Confirm } from "./basics";

/** The button of a row of the board: asks what taking it would mean, shows it, and takes it. */
export function Take({ taker, id, what }: { taker: Taker; id: string; what: string }) {
  const { board: say } = words();
  const quote = useSignal<Quote | undefined>(undefined);
  const busy = useSignal(false);
  const said = useSignal<string[]>([]);
  const run = async (step: () => Promise<void>) => {
    busy.value = true;
    said.value = [];
    try {
      await step();
    } catch (error) {
      said.value = [explain(error)];
    } finally {
      busy.value = false;
    }
  };
  const look = () =>
    run(async () => {
      const quotes = await read<Quotes>(boardPath(taker, id, "quote"));
      quote.value = bestQuote(quotes);
      if (quote.value) return;
      const why = whyNot(quotes);
      said.value = why.length > 0 ? why.map(({ text, count }) => (count > 1 ? `${text} ×${count}` : text)) : [taker === "carrier" ? say.noTripOfYours : say.noLoadOfYours];
    });
  const take = (shown: Quote) =>
    run(async () => {
      const booking = await write<Booking>(`take:${id}`, boardPath(taker, id, "book"), takeBody(taker, shown), {}, {});
      go(`/bookings/${booking.id}`);
    });
  const shown = quote.value;
  return (
    <>
      <button class="button" disabled={busy.value} onClick={() => void look()} aria-label={`${say.take[taker]} ${what}`} data-testid="take">{say.take[taker]}</button>
      <span role="status">{said.value.map((text) => <span key={text} class="line soft" data-testid="take-refused">{text}</span>)}</span>
      {shown && (
        <Confirm
          title={say.takeTitle[taker]} tone="main" yes={say.take[taker]} text={quoteText(taker, shown)}
          onYes={() => void take(shown)} onClose={() => (quote.value = undefined)}
        />
      )}
    </>
  );
}

function quoteText(taker: Taker, quote: Quote): string {
  const { board: say, offer } = words();
  const detour = quote.detour ?? { metres: 0, seconds: 0 };
  const drive = detour.metres < 500 && detour.seconds < 60 ? offer.noDetour : offer.extra(km(detour.metres), span(detour.seconds));
  const times = between({ open: quote.pickup_eta ?? "", close: quote.drop_eta ?? "" }, now.value);
  return [say.takePrice[taker](money(quote.price_fen ?? 0)), ...(taker === "carrier" ? [drive] : []), say.takeTimes(times), ...(quote.hold ? [say.takeHold] : [])].join(" · ");
}
