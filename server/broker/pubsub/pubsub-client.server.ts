// The client of Pub/Sub, and what its failures mean for the person who runs the server.
import { PubSub } from '@google-cloud/pubsub';
import type { GoogleConfig } from '../../google-config.server.ts';

/** Options of gRPC. By its own rule a lost connection waits up to two minutes for the next try. */
const CONNECTION = { 'grpc.max_reconnect_backoff_ms': 5000 };

/** How long one request to Pub/Sub may take; it usually takes some 20 ms. */
const REQUEST_LIMIT_MS = 3000;
/** With its repeats. */
const REQUESTS_LIMIT_MS = 5000;

/** gRPC's numbers for what went wrong. */
export const GRPC_CODES = {
  cancelled: 1,
  unknown: 2,
  deadlineExceeded: 4,
  notFound: 5,
  permissionDenied: 7,
  resourceExhausted: 8,
  aborted: 10,
  internal: 13,
  unavailable: 14,
} as const;

/** Of a request that is repeated for a few seconds; by the library's own rule it would be minutes. */
export const CALL_OPTIONS = {
  retry: {
    retryCodes: [
      GRPC_CODES.cancelled,
      GRPC_CODES.unknown,
      GRPC_CODES.deadlineExceeded,
      GRPC_CODES.resourceExhausted,
      GRPC_CODES.aborted,
      GRPC_CODES.internal,
      GRPC_CODES.unavailable,
    ],
    backoffSettings: {
      initialRetryDelayMillis: 100,
      retryDelayMultiplier: 2,
      maxRetryDelayMillis: 1000,
      initialRpcTimeoutMillis: REQUEST_LIMIT_MS,
      rpcTimeoutMultiplier: 1,
      maxRpcTimeoutMillis: REQUEST_LIMIT_MS,
      totalTimeoutMillis: REQUESTS_LIMIT_MS,
    },
  },
};

/** A topic or a subscription, for sentences about it. */
export type Resource = {
  readonly kind: 'topic' | 'subscription';
  readonly id: string;
  /** The variable that names it. */
  readonly variable: string;
};

/** Opens a client; nothing is asked of the cloud yet. Whoever opens it closes it. */
export function openPubSub({ project }: GoogleConfig): PubSub {
  return new PubSub({ projectId: project, ...CONNECTION });
}

/** The failure in a sentence that says what to do, where that is known; else the failure as it is. */
export function explainFailure(failure: unknown, resource: Resource, project: string): unknown {
  const { kind, id, variable } = resource;
  const code = failure instanceof Error && 'code' in failure ? failure.code : undefined;
  const because = { cause: failure };
  if (code === GRPC_CODES.notFound) {
    const advice = `create it, or set ${variable} to the ${kind} to use`;
    return new Error(
      `the ${kind} ${id} does not exist in the project ${project}; ${advice}`,
      because,
    );
  }
  if (code === GRPC_CODES.permissionDenied) {
    const role = kind === 'topic' ? 'roles/pubsub.publisher' : 'roles/pubsub.subscriber';
    const advice = `give its service account the role ${role}`;
    return new Error(
      `this process may not use the ${kind} ${id} (${variable}); ${advice}`,
      because,
    );
  }
  return failure;
}
