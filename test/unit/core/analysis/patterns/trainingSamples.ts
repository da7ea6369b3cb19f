import { raisedSamples, type PatternSample } from './sample';

const GITHUB = 'https://github.com';

export const TRAINING_SAMPLES: readonly PatternSample[] = raisedSamples([
  [
    'not-a-number',
    `${GITHUB}/WanluLiuLab/scAtlasVAE/issues/13`,
    "ValueError: Expected parameter loc (Tensor of shape (128, 10)) of distribution Normal(loc: torch.Size([128, 10]), scale: torch.Size([128, 10])) to satisfy the constraint Real(), but found invalid values:\ntensor([[nan, nan, nan,  ..., nan, nan, nan],\n        [nan, nan, nan,  ..., nan, nan, nan]], device='cuda:0',\n       grad_fn=<AddmmBackward0>)",
    'ValueError: Expected parameter scale (Tensor of shape (2,)) of distribution Normal(loc: torch.Size([2]), scale: torch.Size([2])) to satisfy the constraint GreaterThan(lower_bound=0.0), but found invalid values:\ntensor([-1., 2.])',
  ],
  [
    'not-a-number',
    'numpy 2, seterr(all="raise")',
    'FloatingPointError: divide by zero encountered in scalar divide',
    'ZeroDivisionError: division by zero',
  ],
  [
    'tensor-shapes',
    'numpy 2',
    'ValueError: operands could not be broadcast together with shapes (3,) (4,) ',
    'ValueError: cannot reshape array of size 3 into shape (4,)',
  ],
  [
    'checkpoint-mismatch',
    `${GITHUB}/marsmarcin/Visual-of-Social-GAN/issues/5`,
    'RuntimeError: Error(s) in loading state_dict for TrajectoryGenerator:\n\tsize mismatch for mlp_decoder_context.2.weight: copying a param with shape torch.Size([24, 64]) from checkpoint, the shape in current model is torch.Size([32, 64]).',
    "KeyError: 'state_dict'",
  ],
  [
    'checkpoint-damaged',
    `${GITHUB}/P3M/issues/13`.replace('/P3M', '/JizhiziLi/P3M'),
    'RuntimeError: PytorchStreamReader failed reading zip archive: failed finding central directory',
    'RuntimeError: PytorchStreamReader failed locating file constants.pkl: file not found',
  ],
  [
    'checkpoint-weights-only',
    `${GITHUB}/gpoesia/minimo/pull/21`,
    '_pickle.UnpicklingError: Weights only load failed. This file can still be loaded, to do so you have two options, do those steps only if you trust the source of the checkpoint.',
    "_pickle.UnpicklingError: invalid load key, '<'.",
  ],
]);
