import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { money, when, zone } from "../logic/format";
import { face, me, now } from "../logic/market";
import { read } from "../logic/net";
import { months, statementPath } from "../logic/statement";
import type { Booking, Split, Statement as Terms } from "../logic/types";
import { TaskNote, useTask } from "../parts/basics";
import { word, words } from "../words/words";

/** What a month comes to: a firm's own, for the desk that of the whole market; also as a file. */
export function Statement() {
  const { booking: say, common } = words();
  const all = months(now.value, zone.value);
  const chosen = useSignal(all[1] ?? "");
  const known = useSignal<Terms | undefined>(undefined);
  const open = useSignal(false);
  const task = useTask();
  const load = () => void task.run(async () => {
    known.value = await read<Terms>(`/v1/statements?month=${chosen.value}`);
  });
  useEffect(() => {
    known.value = undefined;
    if (open.value) load();
  }, [chosen.value, open.value]);
  return (
    <details class="card statement" onToggle={(event) => (open.value = event.currentTarget.open)}>
      <summary data-testid="statement-open">{say.statements}</summary>
      <div class="row wrap">
        <label class="month">
          {say.month}
          <select value={chosen.value} onChange={(event) => (chosen.value = event.currentTarget.value)} data-testid="statement-month">
            {all.map((month) => <option key={month} value={month}>{month}</option>)}
          </select>
        </label>
        <a class="button" href={statementPath(chosen.value)} download={`statement-${chosen.value}.csv`} data-testid="statement-csv">{say.statement}</a>
      </div>
      <TaskNote task={task} />
      {task.error.value !== undefined && <button class="button" onClick={load}>{common.retry}</button>}
      {open.value && !known.value && task.busy.value && <div class="skeleton" aria-busy="true" />}
      {known.value && <Lines of={known.value} />}
    </details>
  );
}

function Lines({ of }: { of: Terms }) {
  const { booking: say } = words();
  if (of.lines.length === 0) return <p class="soft" data-testid="statement-empty">{say.nothing}</p>;
  const own = me.value?.org.id;
  return (
    <div data-testid="statement-lines" data-pays={of.pays_fen} data-gets={of.gets_fen}>
      <p>
        {face.value !== "carrier" && <>{say.pays} <b>{money(of.pays_fen)}</b> </>}
        {face.value !== "enterprise" && <>{say.gets} <b>{money(of.gets_fen)}</b> </>}
        {of.open_fen > 0 && <span class="soft">{say.open} {money(of.open_fen)}</span>}
      </p>
      <ul class="asked">
        {of.lines.map((line) => (
          <li key={line.booking_id}>
            <a href={`/bookings/${line.booking_id}`}>{line.from} → {line.to}</a>
            <span>{line.goods} · {line.shipper.id === own ? line.carrier.name : line.shipper.name}</span>
            <b>{line.payer_id && line.payer_id !== own && face.value !== "desk" ? "+" : ""}{money(line.amount_fen)}</b>
            <span class="soft">{word(say.what, line.what)}{!line.final && ` · ${say.notFinal}`} · {when(line.pickup_at, now.value)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Who pays how much of the trip of a booking: amounts without names. */
export function Shares({ booking }: { booking: Booking }) {
  const { booking: say, common } = words();
  const known = useSignal<Split | undefined>(undefined);
  const open = useSignal(false);
  const task = useTask();
  const load = () => void task.run(async () => {
    known.value = await read<Split>(`/v1/bookings/${encodeURIComponent(booking.id)}/split`);
  });
  useEffect(() => {
    if (open.value) load();
  }, [open.value, booking.version]);
  const split = known.value;
  const own = split ? split.shares_fen.indexOf(split.own_fen) : -1;
  return (
    <details class="statement" onToggle={(event) => (open.value = event.currentTarget.open)}>
      <summary data-testid="split-open">{say.split}</summary>
      <TaskNote task={task} />
      {task.error.value !== undefined && <button class="button" onClick={load}>{common.retry}</button>}
      {open.value && !split && task.busy.value && <div class="skeleton" aria-busy="true" />}
      {split && (
        <>
          <p>{say.splitText(money(split.due_fen))}{split.fees_fen > 0 && ` · ${say.splitFees(money(split.fees_fen))}`}</p>
          <ul class="asked" data-testid="split" data-sum={split.due_fen}>
            {split.shares_fen.map((fen, i) => <li key={i}><b>{money(fen)}</b>{i === own && face.value === "enterprise" && <span class="soft">{say.own}</span>}</li>)}
          </ul>
        </>
      )}
    </details>
  );
}
