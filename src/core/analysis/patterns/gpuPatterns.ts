import { printed, raised, said, worded, type FailurePattern, type PatternValues } from './failurePattern';

const PYTORCH_MEMORY = 'https://pytorch.org/docs/stable/notes/cuda.html#memory-management';
const CUDA_ERRORS = 'https://docs.nvidia.com/cuda/cuda-runtime-api/group__CUDART__TYPES.html';
const JAX_MEMORY = 'https://docs.jax.dev/en/latest/gpu_memory_allocation.html';

/** What GPUs and their libraries say. The specific come before the general. */
export const GPU_PATTERNS: readonly FailurePattern[] = [
  {
    id: 'cuda-memory-fragmented',
    class: 'resource',
    matchers: [
      {
        in: 'exception',
        text: /CUDA out of memory\. Tried to allocate (?<tried>[\d.]+ [KMG]iB).*and (?<reserved>[\d.]+ [KMG]iB) is reserved by PyTorch but unallocated/su,
        when: reservedWouldDo,
      },
    ],
    explanation:
      'The GPU had no {tried} in one piece, although PyTorch held {reserved} that it had reserved and was not using.',
    advice:
      'Set PYTORCH_CUDA_ALLOC_CONF=expandable_segments:True in the environment of the task, so that the reserved memory can be used. If that is not enough, use a smaller batch.',
    remedy: 'memory',
    source: PYTORCH_MEMORY,
  },
  {
    id: 'cuda-out-of-memory',
    class: 'resource',
    matchers: said(/CUDA out of memory\. Tried to allocate (?<tried>[\d.]+ [KMG]iB)/u),
    explanation: 'The GPU had no {tried} left for this task.',
    advice:
      'Use a smaller batch, or accumulate gradients over several; switch on mixed precision or activation checkpointing; or run it on a GPU with more memory. If several tasks share a GPU, give each its own.',
    remedy: 'memory',
    source: PYTORCH_MEMORY,
  },
  {
    id: 'cuda-allocation-failed',
    class: 'resource',
    matchers: said(
      /CUDA error: out of memory|cudaErrorMemoryAllocation|CUDA_ERROR_OUT_OF_MEMORY|CUBLAS_STATUS_ALLOC_FAILED|CUDNN_STATUS_ALLOC_FAILED/u,
    ),
    explanation: 'A CUDA library could not get memory on the GPU.',
    advice:
      'Use a smaller batch or a GPU with more memory. Look with nvidia-smi whether another process holds the memory.',
    remedy: 'memory',
    source: CUDA_ERRORS,
  },
  {
    id: 'jax-out-of-memory',
    class: 'resource',
    matchers: said(/RESOURCE_EXHAUSTED: (?:Out of memory|Failed to allocate request)/u),
    explanation: 'JAX could not get the memory that it needed on the device.',
    advice:
      'Use a smaller batch or model. JAX takes 75 % of a GPU at its start: if tasks share one, set XLA_PYTHON_CLIENT_MEM_FRACTION, or XLA_PYTHON_CLIENT_PREALLOCATE=false.',
    remedy: 'memory',
    source: JAX_MEMORY,
  },
  {
    id: 'tensorflow-out-of-memory',
    class: 'resource',
    matchers: said(/OOM when allocating tensor with shape/u),
    explanation: 'TensorFlow could not allocate a tensor on the device.',
    advice:
      'Use a smaller batch or model. If tasks share a GPU, switch on memory growth (tf.config.experimental.set_memory_growth).',
    remedy: 'memory',
    source: 'https://www.tensorflow.org/guide/gpu#limiting_gpu_memory_growth',
  },
  {
    id: 'cuda-device-assert',
    class: 'task',
    matchers: [
      ...worded(
        [printed(/: block: \[\d+,\d+,\d+\], thread: \[\d+,\d+,\d+\] Assertion `(?<what>.+?)` failed/u)],
        {
          explanation: 'An assertion failed in a GPU kernel: {what}.',
        },
      ),
      ...said(/device-side assert triggered/u),
    ],
    explanation:
      'An assertion failed in a GPU kernel. The line in the traceback may be a later one, because kernels run by themselves.',
    advice:
      'Most often an index is out of range: a label that is not below the number of classes, or a token beyond the embedding. Run it once with CUDA_LAUNCH_BLOCKING=1, or on the CPU, to see the true line.',
    source: 'https://pytorch.org/docs/stable/notes/cuda.html#asynchronous-execution',
  },
  {
    id: 'cuda-illegal-memory-access',
    class: 'task',
    matchers: said(
      /an illegal memory access was encountered|\bCUDA\w* (?:error|failure)\b[^\n]*\bmisaligned address|CUDA_ERROR_MISALIGNED_ADDRESS|cudaErrorMisalignedAddress/u,
    ),
    explanation:
      'A GPU kernel read or wrote memory that is not its own. The line in the traceback may be a later one.',
    advice:
      'Run it once with CUDA_LAUNCH_BLOCKING=1 to see the true line, and under compute-sanitizer for the kernel. Suspect custom CUDA extensions and indices out of range first.',
    source: CUDA_ERRORS,
  },
  {
    id: 'cuda-no-kernel-image',
    class: 'environment',
    matchers: said(/no kernel image is available for execution on the device/u),
    explanation: 'The installed build has no code for the kind of GPU that it ran on.',
    advice:
      'Install a build of PyTorch, or of the extension, that supports the compute capability of this GPU; or run on a kind of GPU that it does support.',
    remedy: 'host',
    source: 'https://github.com/pytorch/pytorch/issues/31285',
  },
  {
    id: 'cuda-invalid-device',
    class: 'environment',
    matchers: said(
      /CUDA\w*\b[^\n]*\binvalid device ordinal|Attempting to deserialize object on CUDA device \d+/u,
    ),
    explanation: 'The task asked for a GPU by a number that it does not have.',
    advice:
      'A task sees only the GPUs of its slot, and counts them from 0. Use cuda:0, or torch.device("cuda"), instead of a fixed number; and do not set CUDA_VISIBLE_DEVICES in the code.',
    source: CUDA_ERRORS,
  },
  {
    id: 'cuda-driver-too-old',
    class: 'environment',
    matchers: said(
      /CUDA driver version is insufficient for CUDA runtime version|The NVIDIA driver on your system is too old/u,
    ),
    explanation: 'The NVIDIA driver there is older than the CUDA version that the program was built for.',
    advice:
      'Install a build for an older CUDA version, or run where the driver is newer (nvidia-smi shows it).',
    remedy: 'host',
    source: 'https://docs.nvidia.com/deploy/cuda-compatibility/',
  },
  {
    id: 'nvidia-driver-mismatch',
    class: 'infrastructure',
    matchers: said(/Driver\/library version mismatch/u),
    explanation: 'The NVIDIA kernel driver and its libraries there have different versions.',
    advice:
      'The driver was probably updated without a reboot: reboot the machine or have it rebooted. Until then use another host.',
    remedy: 'host',
    source: 'https://github.com/NVIDIA/ubuntu-packaging-nvidia-driver/issues/3',
  },
  {
    id: 'cuda-hardware-error',
    class: 'infrastructure',
    matchers: said(
      /uncorrectable ECC error|cudaErrorECCUncorrectable|GPU has fallen off the bus|GPU is lost/u,
    ),
    explanation: 'The GPU reported a fault of its hardware.',
    advice:
      'Use another GPU or host, and report this one to whoever runs it; nvidia-smi -q -d ECC shows the counts.',
    remedy: 'host',
    source: 'https://docs.nvidia.com/deploy/xid-errors/',
  },
  {
    id: 'cuda-device-busy',
    class: 'infrastructure',
    matchers: said(
      /CUDA-capable device\(s\) is\/are busy or unavailable|all CUDA-capable devices are busy or unavailable/u,
    ),
    explanation: 'No GPU would take the task: another process holds it exclusively, or it is in a bad state.',
    advice:
      'Look with nvidia-smi who uses the GPU. With the compute mode EXCLUSIVE_PROCESS only one process may use it.',
    remedy: 'host',
    source: CUDA_ERRORS,
  },
  {
    id: 'cuda-not-found',
    class: 'environment',
    matchers: said(
      /No CUDA GPUs are available|Found no NVIDIA driver on your system|no CUDA-capable device is detected|CUDA_ERROR_NO_DEVICE/u,
    ),
    explanation: 'The task saw no GPU.',
    advice:
      'Check that the source has GPUs configured (gpus: [0, 1]), that nvidia-smi works there, and that neither the code nor a setup line sets CUDA_VISIBLE_DEVICES.',
    remedy: 'host',
    source: CUDA_ERRORS,
  },
  {
    id: 'torch-without-cuda',
    class: 'environment',
    matchers: said(/Torch not compiled with CUDA enabled/u),
    explanation: 'The installed PyTorch is a build for the CPU only.',
    advice:
      'Install a CUDA build in the environment of the task (pytorch.org/get-started names the index), or run it on the CPU.',
    source: 'https://pytorch.org/get-started/locally/',
  },
  {
    id: 'cublas-not-initialized',
    class: 'resource',
    matchers: said(/CUBLAS_STATUS_NOT_INITIALIZED/u),
    explanation:
      'cuBLAS could not start on the GPU. The message does not say why; often the memory of the GPU is used up.',
    advice:
      'Try a smaller batch and look with nvidia-smi how much memory is free at that moment. If it stays, run it with CUDA_LAUNCH_BLOCKING=1: an index out of range in an earlier kernel shows like this too.',
    remedy: 'memory',
    source:
      'https://discuss.pytorch.org/t/cuda-error-cublas-status-not-initialized-when-calling-cublascreate-handle/125450',
  },
  {
    id: 'cudnn-failed',
    class: 'environment',
    matchers: said(/(?:cuDNN error|Could not create cudnn handle): (?<status>CUDNN_STATUS_\w+)/u),
    explanation: 'cuDNN failed with {status}, which it does for several reasons.',
    advice:
      'Check that the GPU has memory left, that PyTorch and cuDNN belong together (python -m torch.utils.collect_env), and that LD_LIBRARY_PATH does not bring another cuDNN.',
    source: 'https://github.com/NVIDIA/TensorRT/issues/2911',
  },
  {
    id: 'jax-version-mismatch',
    class: 'environment',
    matchers: [
      raised(
        /jaxlib version (?<jaxlib>\S+) is (?:newer|older) than and incompatible with jax version (?<jax>\S+?)\.? /u,
      ),
      raised(/module 'jaxlib[\w.]*' has no attribute '(?<name>\w+)'/u),
      raised(/jaxlib is version (?<jaxlib>\S+), but this version of jax requires/u),
    ],
    explanation: 'The installed jax and jaxlib do not belong together.',
    advice: 'Install both in one step, e.g. pip install -U "jax[cuda12]", and pin both in the requirements.',
    source: 'https://docs.jax.dev/en/latest/installation.html',
  },
  {
    id: 'jax-gpu-allocator',
    class: 'environment',
    matchers: said(/GpuAllocatorConfig/u),
    explanation:
      'JAX could not set up its GPU allocator: jax, jaxlib and its CUDA plugin do not fit each other.',
    advice:
      'Install jax[cuda12] anew so that all parts have one version. To run without a GPU meanwhile, set JAX_PLATFORMS=cpu.',
    source: 'https://docs.jax.dev/en/latest/installation.html',
  },
  {
    id: 'jax-no-backend',
    class: 'environment',
    matchers: said(
      /Unable to initialize backend '(?<backend>cuda|rocm|gpu|tpu|cpu|METAL|metal|sycl|xpu|interpreter)'/u,
    ),
    explanation: 'JAX could not start its backend {backend}.',
    advice:
      'Check that the GPU is visible to the task (nvidia-smi) and that the CUDA plugin of JAX is installed; or choose another backend with JAX_PLATFORMS.',
    source: 'https://docs.jax.dev/en/latest/installation.html',
  },
  {
    id: 'xla-compiler',
    class: 'environment',
    matchers: said(
      /\bptxas (?:exited with non-zero error code|too old)\b/u,
      /\bCouldn't (?:invoke|find) ptxas\b|\bptxas not found\b|\blibdevice not found\b/u,
    ),
    explanation:
      'XLA could not compile the computation for the GPU: its tool ptxas failed, is too old or is not there.',
    advice:
      'Install the CUDA tools that belong to this version of jax (jax[cuda12] brings them), and see that no older ones come first in PATH. The line after it tells more.',
    source: 'https://docs.jax.dev/en/latest/installation.html',
  },
  {
    id: 'jax-tracer',
    class: 'task',
    matchers: [
      raised(
        /\bjax\.(?:_src\.)?errors\.(?<type>ConcretizationTypeError|Tracer(?:Array|Bool|Integer)ConversionError|UnexpectedTracerError|NonConcreteBooleanIndexError|KeyReuseError)\b/u,
      ),
    ],
    explanation:
      'JAX was given a value that is not known before the computation runs, where it needs a known one ({type}).',
    advice:
      'Use jax.lax.cond and jax.lax.while_loop in place of if and while, or make the argument static (static_argnums). The page of the error in the documentation shows each case.',
    source: 'https://docs.jax.dev/en/latest/errors.html',
  },
  {
    id: 'tensor-device-mismatch',
    class: 'task',
    matchers: [
      raised(
        /Expected all tensors to be on the same device, but found at least two devices, (?<one>[\w:]+) and (?<two>[\w:]+)/u,
      ),
    ],
    explanation: 'One operation was given tensors of two devices, {one} and {two}.',
    advice:
      'Move the input, or the part of the model that was left behind, with .to(device) before the line in the traceback.',
    source: 'https://pytorch.org/docs/stable/notes/cuda.html',
  },
];

/** One piece of what lies reserved would have been enough, so it is there and only not in one piece. */
function reservedWouldDo({ tried = '', reserved = '' }: PatternValues): boolean {
  return bytes(reserved) >= bytes(tried);
}

function bytes(size: string): number {
  const [amount = '', unit = ''] = size.split(' ');
  return Number(amount) * 1024 ** ['KiB', 'MiB', 'GiB'].indexOf(unit);
}
