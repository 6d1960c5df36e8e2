import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { between, km, money, number, percent, room, span, when } from "../logic/format";
import { face, mayHaul, mayPost, now, pools, readPools, reason, takesPool, vehicles } from "../logic/market";
import { write } from "../logic/net";
import { place } from "../logic/router";
import type { Capability, PlateColour, Pool, PoolMember } from "../logic/types";
import { Countdown, Empty, Fact, Pill, Route, TaskNote, useTask } from "../parts/basics";
import { Firm } from "../parts/firm";
import { word, words } from "../words/words";

const isOpen = (pool: Pool) => pool.state === "consenting" || pool.state === "tendered";

/** The trucks that loads can share: asked of their shippers, then of operators. */
export function Pools() {
  const { pool: say } = words();
  const task = useTask();
  useEffect(() => void task.run(readPools), []);
  const show = place.value.query.get("show");
  const rows = pools.list();
  useEffect(() => {
    if (show) document.getElementById(show)?.scrollIntoView({ block: "center" });
  }, [show, rows.some((pool) => pool.id === show)]);
  const sorted = [...rows.filter(isOpen), ...rows.filter((pool) => !isOpen(pool))];
  return (
    <section aria-labelledby="pools-title">
      <h1 id="pools-title" class="head">{say.list}</h1>
      <p class="soft">{face.value === "carrier" ? say.textCarrier : say.text}</p>
      <TaskNote task={task} />
      {rows.length === 0 && !task.busy.value && <Empty title={say.empty} />}
      <ul class="offers" aria-live="polite" aria-relevant="additions" data-testid="pool-list">
        {sorted.map((pool) => <li key={pool.id}><PoolCard pool={pool} /></li>)}
      </ul>
    </section>
  );
}

function PoolCard({ pool }: { pool: Pool }) {
  const { pool: say, types, needs } = words();
  const open = isOpen(pool);
  const mine = pool.members.filter((member) => member.own);
  return (
    <article id={pool.id} class={`card offer ${open ? "" : "ended"}`} tabIndex={-1} data-testid="pool-card" data-id={pool.id} data-state={pool.state}>
      <div class="row between wrap">
        <h2><Route from={pool.from.town} to={pool.to.town} /></h2>
        <Pill tone={open ? "good" : "quiet"}>{word(say.states, pool.state)}</Pill>
        {open && <span class="clock"><span class="unseen">{words().offer.left}</span><Countdown until={pool.expires_at} /></span>}
      </div>
      {mine.map((member) => <Own key={member.load_id} member={member} />)}
      <dl class="facts">
        <Fact term={say.truck}>{[word(types, pool.vehicle_type), ...pool.needs.map((need) => word(needs, need))].join(" · ")}</Fact>
        <Fact term={mine.length > 0 ? say.total : say.pays}><span data-testid="pool-price" data-fen={pool.price_fen}>{money(pool.price_fen)}</span></Fact>
        <Fact term={say.leaves}>{when(pool.leaves.open, now.value)}<span class="line soft">{say.latest} {when(pool.departs_by, now.value)}</span></Fact>
        <Fact term={say.drive}>{km(pool.metres)} · {span(pool.seconds)}</Fact>
        <Fact term={say.consents}>{open && say.counted(number(pool.consents), number(pool.shares_fen.length), number(pool.quorum))}</Fact>
        <Fact term={say.split}>{pool.shares_fen.length > 0 && mine.length > 0 && pool.shares_fen.map(money).join(" · ")}</Fact>
        <Fact term={say.carrier}>{pool.carrier && <Firm of={pool.carrier} />}</Fact>
        <Fact term={say.why}>{pool.reason && reason(pool.reason)}</Fact>
      </dl>
      <Others members={pool.members.filter((member) => !member.own)} />
      {open && mine.length > 0 && mayPost.value && <Consent pool={pool} mine={mine} />}
      {takesPool(pool) && mayHaul.value && <Take pool={pool} />}
      {pool.trip_id && face.value === "carrier" && <p><a class="button main" href={`/trips/${pool.trip_id}`} data-testid="pool-trip">{say.seeTrip}</a></p>}
    </article>
  );
}

/** What sharing means for one's own load: the money beside going alone. */
function Own({ member }: { member: PoolMember }) {
  const { pool: say } = words();
  const { load, share_fen: share = 0, most_fen: most = 0, alone_fen: alone = 0 } = member;
  return (
    <div data-testid="pool-own" data-load={member.load_id} data-consent={member.consent}>
      <div class="row between wrap">
        <span class="figure" data-testid="pool-share" data-fen={share}>{money(share)}</span>
        <span class="extra">{say.saves(money(alone), percent(alone - share, alone))}</span>
      </div>
      <p><b>{load.goods}</b> · {room(load.size)}</p>
      <dl class="facts">
        <Fact term={say.most}>{money(most)}<span class="line soft">{say.mostWhy}</span></Fact>
        <Fact term={words().offer.pickup}>{between(load.pickup.window, now.value)}<span class="line soft">{words().offer.eta} {when(member.pickup_eta, now.value)}</span></Fact>
        <Fact term={words().offer.delivery}>{between(load.delivery.window, now.value)}<span class="line soft">{words().offer.eta} {when(member.drop_eta, now.value)}</span></Fact>
        <Fact term={say.answer}>{word(say.answers, member.consent)}{member.reason && <span class="line soft">{reason(member.reason)}</span>}</Fact>
      </dl>
      {member.booking_id && <p><a class="button main" href={`/bookings/${member.booking_id}`}>{words().offer.see}</a></p>}
    </div>
  );
}

/** The loads of others: what the board shows of them, and no names. */
function Others({ members }: { members: PoolMember[] }) {
  const { pool: say } = words();
  if (members.length === 0) return null;
  return (
    <details>
      <summary>{face.value === "enterprise" ? say.others(members.length) : say.loads(members.length)}</summary>
      <ul>
        {members.map((member, i) => (
          <li key={i}>
            <Route from={member.load.pickup.town} to={member.load.delivery.town} /> · {member.load.goods} · {room(member.load.size)}
            <span class="line soft">{between(member.load.pickup.window, now.value)} → {between(member.load.delivery.window, now.value)}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

function Consent({ pool, mine }: { pool: Pool; mine: PoolMember[] }) {
  const { pool: say } = words();
  const task = useTask();
  const over = Date.parse(pool.expires_at) <= now.value;
  const asked = mine.some((member) => member.consent === "asked");
  const given = mine.some((member) => member.consent === "given");
  if (!asked && !given) return null;
  const send = (act: "consent" | "decline", body: object) =>
    void task.run(async (how) => pools.put(await write<Pool>(`${act}:${pool.id}`, `/v1/pools/${encodeURIComponent(pool.id)}/${act}`, body, {}, how)));
  const busy = task.busy.value || over;
  return (
    <>
      <TaskNote task={task} />
      <div class="answer">
        <button class="button big quiet" aria-disabled={busy} onClick={() => !busy && send("decline", {})} data-testid="pool-decline">
          {given ? say.takeBack : say.decline}
        </button>
        {asked && (
          <button class="button big main" aria-disabled={busy} onClick={() => !busy && send("consent", { version: pool.version })} data-testid="pool-consent">
            {say.consent(money(mine.reduce((sum, member) => sum + (member.share_fen ?? 0), 0)))}
          </button>
        )}
      </div>
    </>
  );
}

const colours: PlateColour[] = ["yellow", "blue", "green", "yellow_green", "white", "black"];

function Take({ pool }: { pool: Pool }) {
  const { pool: say, trip, colours: colourWords } = words();
  const task = useTask();
  const fit = vehicles.value.filter((one) => one.type === pool.vehicle_type && pool.needs.every((need) => one.has?.includes(need)));
  const plate = useSignal(fit[0]?.plate?.number ?? "");
  const colour = useSignal<PlateColour>(fit[0]?.plate?.colour ?? "yellow");
  const known = fit.find((one) => one.plate?.number === plate.value && one.plate.colour === colour.value);
  const over = Date.parse(pool.expires_at) <= now.value;
  const busy = task.busy.value || over || plate.value.trim() === "";
  const take = () => task.run(async (how) => {
    const own = known && { payload_kg: known.payload_kg, inner: known.inner };
    const has: Capability[] = known?.has ?? pool.needs;
    const vehicle = { plate: { number: plate.value.trim(), colour: colour.value }, type: pool.vehicle_type, has, ...own };
    pools.put(await write<Pool>(`take:${pool.id}`, `/v1/pools/${encodeURIComponent(pool.id)}/take`, { version: pool.version, vehicle }, {}, how));
  });
  return (
    <>
      <div class="row wrap">
        <label class="field">{trip.plate}
          <input type="text" autocomplete="off" value={plate.value} list={`plates-${pool.id}`} onInput={(event) => (plate.value = event.currentTarget.value)} data-testid="pool-plate" />
        </label>
        <datalist id={`plates-${pool.id}`}>{fit.map((one) => <option key={one.id} value={one.plate?.number} />)}</datalist>
        <label class="field">{trip.colour}
          <select value={colour.value} onChange={(event) => (colour.value = event.currentTarget.value as PlateColour)}>
            {colours.map((one) => <option key={one} value={one}>{word(colourWords, one)}</option>)}
          </select>
        </label>
      </div>
      <TaskNote task={task} />
      <button class="button big main" aria-disabled={busy} onClick={() => !busy && void take()} data-testid="pool-take">
        {say.take(money(pool.price_fen), number(pool.members.length))}
      </button>
    </>
  );
}
