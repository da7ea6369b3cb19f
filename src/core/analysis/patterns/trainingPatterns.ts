import { printed, raised, type FailurePattern } from './failurePattern';

/** Shapes, numbers and checkpoints of a training. */
export const TRAINING_PATTERNS: readonly FailurePattern[] = [
  {
    id: 'not-a-number',
    class: 'task',
    matchers: [
      raised(/to satisfy the constraint .*but found invalid values:[\s\S]*\bnan\b/u),
      raised(/FloatingPointError: invalid value \((?:nan|inf)\) encountered in /u),
      raised(
        /FloatingPointError: (?:overflow|invalid value|divide by zero|underflow) encountered|Input (?:\w+ )?contains NaN|(?:[Ll]oss|[Gg]radient)\w*\b.{0,20}\b(?:[Nn]a[Nn]|NaN|infinite|non-finite)\b|array must not contain infs or NaNs|returned nan values in its \d+th output/u,
      ),
      printed(/Loss is (?:nan|inf|NaN), stopping training/u),
    ],
    explanation: 'A number became NaN or infinite.',
    advice:
      'Look at the learning rate of these tasks first. Clip gradients, check the data for NaN, and in mixed precision use bfloat16 or a gradient scaler. torch.autograd.set_detect_anomaly(True) finds the operation.',
    source: 'https://pytorch.org/docs/stable/autograd.html#anomaly-detection',
  },
  {
    id: 'tensor-shapes',
    class: 'task',
    matchers: [
      raised(/mat1 and mat2 shapes cannot be multiplied \((?<shapes>[\dx]+ and [\dx]+)\)/u),
      raised(
        /The size of tensor a \(\d+\) must match the size of tensor b \(\d+\) at non-singleton dimension \d+/u,
      ),
      raised(/operands could not be broadcast together with shapes (?<shapes>.*)/u),
      raised(/shapes \([\d,]+\) and \([\d,]+\) not aligned/u),
    ],
    explanation: 'Two arrays have shapes that do not fit each other {shapes}.',
    advice:
      'Look which parameters of these tasks set those sizes: often two of them (width, heads, classes) only work together. The sweep can exclude the others.',
    source: 'https://pytorch.org/docs/stable/notes/broadcasting.html',
  },
  {
    id: 'checkpoint-mismatch',
    class: 'task',
    matchers: [raised(/Error\(s\) in loading state_dict for (?<model>\w+)/u)],
    explanation:
      'A checkpoint does not fit the model {model}: it was saved from one with other layers or sizes.',
    advice:
      'Check that tasks with other parameters do not share one checkpoint path; use output.dir or HSM_TASK_DIR.',
    source: 'https://pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.load_state_dict',
  },
  {
    id: 'checkpoint-weights-only',
    class: 'environment',
    matchers: [raised(/Weights only load failed/u)],
    explanation:
      'PyTorch 2.6 and later loads only tensors from a checkpoint, unless it is told that the file can be trusted.',
    advice:
      'If you made the file, load it with weights_only=False, or allow its classes with torch.serialization.add_safe_globals.',
    source: 'https://pytorch.org/docs/stable/notes/serialization.html#weights-only',
  },
  {
    id: 'checkpoint-damaged',
    class: 'task',
    matchers: [
      raised(
        /PytorchStreamReader failed reading zip archive|UnpicklingError: |EOFError: Ran out of input|BadZipFile: File is not a zip file|HeaderTooLarge|InvalidHeaderDeserialization/u,
      ),
    ],
    explanation: 'A saved file is damaged or incomplete.',
    advice:
      'It was cut off while it was written or downloaded (full disk, killed task), or several tasks write it. Remove it and make it anew, write it to a temporary name and rename it.',
    source: 'https://github.com/gaomingqi/Track-Anything/issues/103',
  },
];
