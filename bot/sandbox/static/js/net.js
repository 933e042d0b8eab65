// The way to the sandbox and back: posts one way, a stream of events the other.

import { language, t } from "./texts.js";
import { toast } from "./notice.js";

/** Sends data; gives the answer's JSON, or null after telling that it failed. */
export async function post(path, data = {}) {
  try {
    const answer = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(data) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return await answer.json();
  } catch (trouble) {
    console.error(trouble);
    toast(t("failed"));
    return null;
  }
}

/**
 * The events of one employee's world, or of the officers' place. Every connection begins with a
 * snapshot, so that nothing is missed while it was broken.
 */
export class Stream {
  #source = null;
  #again = 0;

  constructor(onEvent, onState) {
    this.onEvent = onEvent;
    this.onState = onState;
  }

  /** Follows what happens at a path. */
  open(path, platform) {
    this.close();
    const source = new EventSource(`${path}/events?lang=${language}&platform=${platform}`);
    this.#source = source;
    source.onmessage = (message) => this.onEvent(JSON.parse(message.data));
    source.onopen = () => this.onState(true);
    source.onerror = () => {
      this.onState(false);
      // A browser gives up for good when the answer was an error; we do not.
      if (source.readyState === EventSource.CLOSED) this.#again = setTimeout(() => this.open(path, platform), 2000);
    };
  }

  close() {
    clearTimeout(this.#again);
    this.#source?.close();
    this.#source = null;
  }
}
