import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { number } from "../logic/format";
import { face } from "../logic/market";
import { read } from "../logic/net";
import type { Standing as Terms } from "../logic/types";
import { Fact, TaskNote, useTask } from "../parts/basics";
import { recordText } from "../parts/firm";
import { words } from "../words/words";

/** How one's own firm has kept its word, and of an operator what of it has it asked later. */
export function Standing() {
  const { trust: say, common } = words();
  const known = useSignal<Terms | undefined>(undefined);
  const task = useTask();
  const look = () => void task.run(async () => {
    known.value = await read<Terms>("/v1/standing");
  });
  useEffect(look, []);
  const standing = known.value;
  return (
    <section class="slim" aria-labelledby="standing-title" data-testid="standing">
      <h1 id="standing-title" class="head">{say.title}</h1>
      <p class="soft">{say.text}</p>
      <TaskNote task={task} />
      {task.error.value !== undefined && <button class="button" onClick={look}>{common.retry}</button>}
      {!standing && task.busy.value && <div class="skeleton" aria-busy="true" />}
      {standing && (
        <>
          <section class="card">
            <h2>{say.seen}</h2>
            <p data-testid="own-record">{recordText(standing.record)}</p>
            <p class="hint">{say.counted}</p>
          </section>
          {face.value === "carrier" && <Turn standing={standing} />}
        </>
      )}
    </section>
  );
}

/** When an operator is asked, and what that follows from. */
function Turn({ standing }: { standing: Terms }) {
  const { trust: say } = words();
  const { asked_later: later, points, costs } = standing;
  return (
    <section class="card" data-testid="turn" data-later={later} data-points={points}>
      <h2>{say.turn}</h2>
      <p class={later > 0 ? "note warn" : "note good"}>{[say.inTurn, say.later1, say.later2, say.later3][later]}</p>
      {costs.length === 0 ? <p>{say.clean}</p> : (
        <>
          <p>{say.points(number(points, 1))}</p>
          <dl class="facts">
            {costs.map((cost) => <Fact key={cost.what} term={say.points(number(cost.points, 1))}>{say.costs[cost.what]} · {say.times(number(cost.times))}</Fact>)}
          </dl>
        </>
      )}
      <p class="hint">{say.rule}</p>
    </section>
  );
}
