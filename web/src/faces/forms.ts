// The forms, which are fetched when the first is opened.
export { LoadForm } from "./loadform";
export { Sites } from "./sites";
export { TripForm } from "./tripform";
