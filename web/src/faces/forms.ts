// The forms and what is seldom opened, fetched when the first of them is.
export { Acts, LoadActs } from "./acts";
export { Asking } from "./asking";
export { Costs } from "./costs";
export { LoadForm } from "./loadform";
export { Pools } from "./pools";
export { Standing } from "./standing";
export { Shares, Statement } from "./statement";
export { Sites } from "./sites";
export { Ask, LoadTickets, Tickets } from "./tickets";
export { TripForm } from "./tripform";
