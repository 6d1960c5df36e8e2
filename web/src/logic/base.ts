import { signal } from "@preact/signals";
import { ApiError } from "./api";

/**
 * The version that a form was filled from. Events may bring newer ones while somebody
 * types; naming this one lets the server refuse to overwrite what he has not seen. After
 * a refusal the next try is about the present version, knowingly.
 */
export class Base {
  /** Whether somebody else changed the row since. */
  readonly overtaken = signal(false);

  constructor(private version: number) {}

  /** Sends under the version; present reads the present one after a refusal. */
  async send<T>(send: (version: number) => Promise<T>, present: () => Promise<number>): Promise<T | undefined> {
    try {
      return await send(this.version);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 412) throw error;
      this.version = await present();
      this.overtaken.value = true;
      return undefined;
    }
  }
}
