import { raisedSamples, type PatternSample } from './sample';

const GITHUB = 'https://github.com';

export const TRAINING_SAMPLES: readonly PatternSample[] = raisedSamples([
  [
    'not-a-number',
    `${GITHUB}/WanluLiuLab/scAtlasVAE/issues/13`,
    "ValueError: Expected parameter loc (Tensor of shape (128, 10)) of distribution Normal(loc: torch.Size([128, 10]), scale: torch.Size([128, 10])) to satisfy the constraint Real(), but found invalid values:\ntensor([[nan, nan, nan,  ..., nan, nan, nan],\n        [nan, nan, nan,  ..., nan, nan, nan]], device='cuda:0',\n       grad_fn=<AddmmBackward0>)",
    'ValueError: Expected parameter scale (Tensor of shape (2,)) of distribution Normal(loc: torch.Size([2]), scale: torch.Size([2])) to satisfy the constraint GreaterThan(lower_bound=0.0), but found invalid values:\ntensor([-1., 2.])',
    'A number became NaN or infinite.',
  ],
  [
    'not-a-number',
    'numpy 2, seterr(all="raise")',
    'FloatingPointError: divide by zero encountered in scalar divide',
    'ZeroDivisionError: division by zero',
    'A number became NaN or infinite.',
  ],
  [
    'not-a-number',
    `${GITHUB}/jax-ml/jax/issues/22291`,
    'FloatingPointError: invalid value (nan) encountered in jit(convert_element_type). Because jax_config.debug_nans.value and/or config.jax_debug_infs is set, the de-optimized function (i.e., the function as if the `jit` decorator were removed) was called',
    'ValueError: invalid value (nan) in the column of names',
    'A number became NaN or infinite.',
  ],
  [
    'tensor-shapes',
    'numpy 2',
    'ValueError: operands could not be broadcast together with shapes (3,) (4,) ',
    'ValueError: cannot reshape array of size 3 into shape (4,)',
    'Two arrays have shapes that do not fit each other "(3,) (4,)".',
  ],
  [
    'checkpoint-mismatch',
    `${GITHUB}/marsmarcin/Visual-of-Social-GAN/issues/5`,
    'RuntimeError: Error(s) in loading state_dict for TrajectoryGenerator:\n\tsize mismatch for mlp_decoder_context.2.weight: copying a param with shape torch.Size([24, 64]) from checkpoint, the shape in current model is torch.Size([32, 64]).',
    "KeyError: 'state_dict'",
    'A checkpoint does not fit the model "TrajectoryGenerator": it was saved from one with other layers or sizes.',
  ],
  [
    'checkpoint-damaged',
    `${GITHUB}/JizhiziLi/P3M/issues/13`,
    'RuntimeError: PytorchStreamReader failed reading zip archive: failed finding central directory',
    'RuntimeError: PytorchStreamReader failed locating file constants.pkl: file not found',
    'A saved file is damaged or incomplete.',
  ],
  [
    'checkpoint-weights-only',
    `${GITHUB}/gpoesia/minimo/pull/21`,
    '_pickle.UnpicklingError: Weights only load failed. This file can still be loaded, to do so you have two options, do those steps only if you trust the source of the checkpoint.',
    "_pickle.UnpicklingError: invalid load key, '<'.",
    'PyTorch 2.6 and later loads only tensors from a checkpoint, unless it is told that the file can be trusted.',
  ],
]);
