import { printedSamples, raisedSamples, type PatternSample } from './sample';

const GITHUB = 'https://github.com';

export const GPU_SAMPLES: readonly PatternSample[] = [
  ...raisedSamples([
    [
      'cuda-memory-fragmented',
      `${GITHUB}/jhc13/taggui/issues/188`,
      'torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 20.00 MiB. GPU 0 has a total capacity of 4.00 GiB of which 2.35 GiB is free. Of the allocated memory 825.15 MiB is allocated by PyTorch, and 24.85 MiB is reserved by PyTorch but unallocated. If reserved but unallocated memory is large try setting PYTORCH_CUDA_ALLOC_CONF=expandable_segments:True to avoid fragmentation. See documentation for Memory Management',
      // Recorded in https://github.com/murong-xu/CADS/issues/4: what lies reserved would not have been enough.
      'torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 22.78 GiB. GPU 0 has a total capacity of 31.47 GiB of which 12.73 GiB is free. Including non-PyTorch memory, this process has 18.73 GiB memory in use. Of the allocated memory 9.08 GiB is allocated by PyTorch, and 9.35 GiB is reserved by PyTorch but unallocated. If reserved but unallocated memory is large try setting PYTORCH_CUDA_ALLOC_CONF=expandable_segments:True to avoid fragmentation.',
    ],
    [
      'cuda-out-of-memory',
      `${GITHUB}/One-2-3-45/One-2-3-45/issues/25`,
      'torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 1.69 GiB (GPU 0; 14.56 GiB total capacity; 649.97 MiB already allocated; 1.31 GiB free; 1.01 GiB reserved in total by PyTorch) If reserved memory is >> allocated memory try setting max_split_size_mb to avoid fragmentation.  See documentation for Memory Management and PYTORCH_CUDA_ALLOC_CONF',
      'RuntimeError: gave up: three batches in a row were skipped after CUDA out of memory',
    ],
    [
      'cuda-allocation-failed',
      'https://docs.nvidia.com/cuda/cuda-runtime-api/group__CUDART__TYPES.html (cudaErrorMemoryAllocation)',
      'RuntimeError: CUDA error: out of memory\nCUDA kernel errors might be asynchronously reported at some other API call, so the stacktrace below might be incorrect.',
      'ValueError: the queue ran out of memory slots',
    ],
    [
      'jax-out-of-memory',
      `${GITHUB}/patrickbryant1/AFProfile/issues/8`,
      'jaxlib.xla_extension.XlaRuntimeError: RESOURCE_EXHAUSTED: Out of memory while trying to allocate 4770354232 bytes.\nBufferAssignment OOM Debugging.',
      'grpc._channel._InactiveRpcError: RESOURCE_EXHAUSTED: Received message larger than max (5242880 vs. 4194304)',
    ],
    [
      'tensorflow-out-of-memory',
      `${GITHUB}/dBeker/Faster-RCNN-TensorFlow-Python3/issues/110`,
      'tensorflow.python.framework.errors_impl.ResourceExhaustedError: OOM when allocating tensor with shape[25088,4096] and type float on /job:localhost/replica:0/task:0/device:GPU:0 by allocator GPU_0_bfc',
      'ValueError: no OOM handler for tensor with shape [25088,4096]',
    ],
    [
      'cuda-device-assert',
      `${GITHUB}/karpathy/nanoGPT/issues/470`,
      'RuntimeError: CUDA error: device-side assert triggered\nCUDA kernel errors might be asynchronously reported at some other API call, so the stacktrace below might be incorrect.\nFor debugging consider passing CUDA_LAUNCH_BLOCKING=1.\nCompile with `TORCH_USE_CUDA_DSA` to enable device-side assertions.',
      'RuntimeError: CUDA error: an illegal instruction was encountered\nCompile with `TORCH_USE_CUDA_DSA` to enable device-side assertions.',
    ],
    [
      'cuda-illegal-memory-access',
      `${GITHUB}/VITA-Group/TEGNAS/issues/19`,
      'RuntimeError: CUDA error: an illegal memory access was encountered\nCUDA kernel errors might be asynchronously reported at some other API call,so the stacktrace below might be incorrect.\nFor debugging consider passing CUDA_LAUNCH_BLOCKING=1.',
      'RuntimeError: CUDA error: an illegal instruction was encountered',
    ],
    [
      'cuda-no-kernel-image',
      `${GITHUB}/ademakdogan/nails_segmentation/issues/8`,
      'RuntimeError: CUDA error: no kernel image is available for execution on the device',
      'ValueError: no image is available for this kernel size',
    ],
    [
      'cuda-invalid-device',
      `${GITHUB}/LuyaooChen/uninformed-students-pytorch/issues/3`,
      'RuntimeError: CUDA error: invalid device ordinal',
      'ValueError: invalid device string',
    ],
    [
      'cuda-driver-too-old',
      `${GITHUB}/nagadomi/nunif/issues/702`,
      'RuntimeError: CUDA error: CUDA driver version is insufficient for CUDA runtime version',
      'RuntimeError: chrome driver version is insufficient for this browser',
    ],
    [
      'cuda-hardware-error',
      `${GITHUB}/tloen/alpaca-lora/issues/123`,
      'RuntimeError: CUDA error: uncorrectable ECC error encountered\nCompile with `TORCH_USE_CUDA_DSA` to enable device-side assertions.',
      'RuntimeError: uncorrectable error in the ECC key file',
    ],
    [
      'cuda-device-busy',
      `${GITHUB}/Tencent-Hunyuan/InstantCharacter/issues/21`,
      'RuntimeError: CUDA error: CUDA-capable device(s) is/are busy or unavailable\nCUDA kernel errors might be asynchronously reported at some other API call, so the stacktrace below might be incorrect.',
      'OSError: [Errno 16] Device or resource busy',
    ],
    [
      'cuda-not-found',
      `${GITHUB}/facebookresearch/pytorch3d/issues/1259`,
      'RuntimeError: Found no NVIDIA driver on your system. Please check that you have an NVIDIA GPU and installed a driver from http://www.nvidia.com/Download/index.aspx',
      'RuntimeError: found no NVIDIA Apex installation',
    ],
    [
      'torch-without-cuda',
      `${GITHUB}/facebookresearch/detectron2/issues/460`,
      'AssertionError: Torch not compiled with CUDA enabled',
      'AssertionError: MPI not compiled with CUDA support',
    ],
    [
      'cublas-not-initialized',
      `${GITHUB}/Vision-CAIR/MiniGPT-4/issues/89`,
      'RuntimeError: CUDA error: CUBLAS_STATUS_NOT_INITIALIZED when calling `cublasCreate(handle)`',
      'RuntimeError: CUDA error: CUBLAS_STATUS_EXECUTION_FAILED when calling `cublasSgemm(handle)`',
    ],
    [
      'cudnn-failed',
      `${GITHUB}/NVIDIA/TensorRT/issues/2911`,
      'RuntimeError: cuDNN error: CUDNN_STATUS_NOT_INITIALIZED',
      'RuntimeError: GET was unable to find an engine to execute this computation',
    ],
    [
      'jax-version-mismatch',
      `${GITHUB}/jax-ml/jax/issues/17638`,
      'RuntimeError: jaxlib version 0.4.14 is newer than and incompatible with jax version 0.4.6. Please update your jax and/or jaxlib packages.',
      "AttributeError: module 'jax.numpy' has no attribute 'nope'",
    ],
    [
      'jax-no-backend',
      `${GITHUB}/jax-ml/jax/issues/9859 (the message), jax/_src/xla_bridge.py (the exception)`,
      "RuntimeError: Unable to initialize backend 'cuda': INTERNAL: no supported devices found for platform CUDA (you may need to uninstall the failing plugin package, or set JAX_PLATFORMS=cpu to skip this backend.)",
      "RuntimeError: Unable to initialize matplotlib backend 'agg'",
    ],
    [
      'tensor-device-mismatch',
      `${GITHUB}/nunchux-ai/nunchaku/issues/805`,
      'RuntimeError: Expected all tensors to be on the same device, but found at least two devices, cuda:0 and cpu!',
      'RuntimeError: Expected all tensors to have the same dtype',
    ],
  ]),
  ...printedSamples([
    [
      'nvidia-driver-mismatch',
      `${GITHUB}/tinygrad/open-gpu-kernel-modules/issues/47`,
      'Failed to initialize NVML: Driver/library version mismatch\nNVML library version: 570.124',
      'Failed to initialize NVML: Insufficient Permissions',
    ],
    [
      'jax-gpu-allocator',
      `${GITHUB}/google-deepmind/deepmind-research/issues/420`,
      "Unable to initialize backend 'cuda': module 'jaxlib.xla_extension' has no attribute 'GpuAllocatorConfig'",
      "Unable to initialize backend 'cuda': no such platform",
    ],
  ]),
];
