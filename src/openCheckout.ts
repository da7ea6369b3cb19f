import { CheckoutSync } from './adapters/sync/checkoutSync';
import { HsmError } from './core/base/errors';
import type { CheckoutSettings } from './core/project/projectPorts';
import type { SourceConfig } from './core/project/sourceConfig';
import type { CheckoutPort } from './core/sync/checkoutPort';
import type { SourceParts } from './createSource';

/**
 * Opens the checkout that a source's configuration names. Nothing is connected before it is used.
 *
 * @throws HsmError `source.unavailable` when the source has none on a host
 */
export function openCheckout(
  source: string,
  config: SourceConfig,
  {
    hosts,
    clock,
    log,
    sync,
    output,
    projectDir,
  }: CheckoutSettings & SourceParts & { readonly projectDir: string },
): CheckoutPort {
  if (config.type === 'local' || config.checkout === undefined || config.host === undefined) {
    throw new HsmError('source.unavailable', `The compute source "${source}" has no checkout on a host.`, {
      source,
    });
  }
  const { exclude, configFiles } = sync;
  return new CheckoutSync({
    source,
    projectDir,
    host: hosts.host(config.host, config.transport ?? 'auto'),
    checkout: config.checkout,
    output,
    exclude,
    clock,
    log,
    ...(configFiles && { configFiles }),
  });
}
