// What a pipeline is told about a network that the network does not tell itself. Data only: the
// catalogue and imported models carry it.

/** How pixels become a network's input: channel order, and (value − mean) / std on 0…255. */
export type InputNormalisation = {
  readonly channels: 'rgb' | 'bgr';
  /** Per channel, in the order of `channels`. */
  readonly mean: readonly [number, number, number];
  readonly std: readonly [number, number, number];
};

/** The pipelines that Kinemark owns, for runtimes that only execute networks. */
export type RawPipelineConfig =
  /** Detector, region of interest, landmarks, tracking. Networks: `detector`, `landmarks`. */
  | { readonly kind: 'blazepose' }
  /** MoveNet SinglePose with its crop-region tracking. Network: `model`. */
  | { readonly kind: 'movenet-single' }
  /** MoveNet MultiPose, up to six people. Network: `model`. */
  | { readonly kind: 'movenet-multi' }
  /** Heat maps and part affinity fields, several people. Network: `model`. */
  | {
      readonly kind: 'openpose';
      readonly skeleton: 'openpose-18' | 'openpose-25';
      readonly normalisation: InputNormalisation;
    }
  /** Ultralytics' one-stage pose networks: 1×56×N. Network: `model`. */
  | { readonly kind: 'yolo-pose' }
  /** SimCC heads (RTMPose), top-down. Networks: `model`, and `detector` where there is one. */
  | {
      readonly kind: 'simcc';
      readonly normalisation: InputNormalisation;
      /** Bins per pixel of the network's input. */
      readonly splitRatio: number;
    };

/** The pipelines that a library brings along and hides. */
export type ClosedPipelineConfig =
  | { readonly kind: 'mediapipe-pose-landmarker' }
  | { readonly kind: 'tfjs-blazepose'; readonly variant: 'lite' | 'full' | 'heavy' }
  | { readonly kind: 'tfjs-movenet'; readonly variant: 'lightning' | 'thunder' | 'multipose' }
  | {
      readonly kind: 'tfjs-posenet';
      readonly architecture: 'MobileNetV1' | 'ResNet50';
      readonly outputStride: 8 | 16 | 32;
      /** Side of the square input in pixels. */
      readonly inputSizePx: number;
      readonly multiplier: 0.5 | 0.75 | 1;
      readonly quantBytes: 1 | 2 | 4;
    };

/** Everything that can be around a network. */
export type PipelineConfig = RawPipelineConfig | ClosedPipelineConfig;

/** A pipeline by its name, as `npm run bench -- --pipeline` takes it. */
export type PipelineKind = PipelineConfig['kind'];
