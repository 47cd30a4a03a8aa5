// What each fault does to a request between device and server.
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { answerWith, cut, reply, replyHalf } from './answers.ts';
import type { RequestFault, RetryAfter } from './schedule.ts';
import { sendHalfUpstream } from './upstream.ts';
import type { KeptAnswer, KeptRequest } from './upstream.ts';

/** A request that has arrived whole, for a server that was up then. */
export type HeldRequest = {
  readonly kept: KeptRequest;
  /** To the device. */
  readonly response: ServerResponse;
  /** Of the server. */
  readonly origin: string;
  /** Sends it to the server, wherever that is by then; null when no answer came. */
  readonly pass: () => Promise<KeptAnswer | null>;
  /** SIGKILL, and a new process; false when there was none to kill. */
  readonly restartServer: () => boolean;
};

/** A device that gives up does so long before; one that does not must not keep the schedule waiting. */
const LONGEST_HANG_MS = 3000;
/** The least that a date in Retry-After can be ahead by: it counts in seconds. */
const DATE_AHEAD_MS = 1000;

/** Whether the fault has come to what it is: a server that was killed meanwhile answers nothing that could be lost. */
export async function befall(fault: RequestFault, request: HeldRequest): Promise<boolean> {
  const { kept, response, origin, pass, restartServer } = request;
  switch (fault.kind) {
    case 'none':
      reply(response, await pass());
      return true;
    case 'lose-request':
      cut(response);
      return true;
    case 'tear-request':
      await sendHalfUpstream(origin, kept);
      cut(response);
      return true;
    case 'lose-answer': {
      const answer = await pass();
      cut(response);
      return answer !== null;
    }
    case 'tear-answer': {
      const answer = await pass();
      replyHalf(response, answer);
      return answer !== null;
    }
    case 'hang': {
      // Before the server answers, as the device may give up by then.
      const closed = once(response, 'close').then(() => true);
      const answer = await pass();
      const hasGivenUp = await Promise.race([closed, wait(LONGEST_HANG_MS, false)]);
      cut(response);
      return answer !== null && hasGivenUp;
    }
    case 'duplicate': {
      const [answer, other] = await Promise.all([pass(), pass()]);
      reply(response, answer);
      return answer !== null && other !== null;
    }
    case 'late-copy':
      cut(response);
      await wait(fault.delayMs);
      return (await pass()) !== null;
    case 'delay': {
      await wait(fault.delayMs);
      const answer = await pass();
      reply(response, answer);
      return answer !== null;
    }
    case 'status':
      answerWith(response, fault.status, headerOf(fault.retryAfter));
      return true;
    case 'status-after-commit': {
      const answer = await pass();
      answerWith(response, fault.status, null);
      return answer !== null;
    }
    case 'kill-during': {
      const passing = pass();
      await wait(fault.delayMs);
      const isKilled = restartServer();
      reply(response, await passing);
      return isKilled;
    }
    case 'kill-after': {
      const answer = await pass();
      if (fault.delayMs > 0) await wait(fault.delayMs);
      const isKilled = restartServer();
      reply(response, answer);
      return isKilled && answer !== null;
    }
  }
}

function headerOf(retryAfter: RetryAfter): string | null {
  if (retryAfter !== 'next second') return retryAfter;
  return new Date(Date.now() + DATE_AHEAD_MS).toUTCString();
}
