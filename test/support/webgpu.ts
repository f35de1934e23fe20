// WebGPU for tests: a GPU where there is one, else SwiftShader, which Debian's package `chromium` brings along.
import { existsSync } from 'node:fs';
import { checkProvider } from '../../src/tensor/providers.ts';

const swiftShader = '/usr/lib/chromium/vk_swiftshader_icd.json';

/** Why there is no WebGPU here, undefined where there is. VK_DRIVER_FILES chooses the Vulkan driver. */
export const webgpuProblem: string | undefined = await findProblem();

async function findProblem(): Promise<string | undefined> {
  if (process.env['VK_DRIVER_FILES'] === undefined && existsSync(swiftShader)) {
    process.env['VK_DRIVER_FILES'] = swiftShader;
  }
  // Otherwise the Vulkan loader complains on the terminal.
  process.env['XDG_RUNTIME_DIR'] ??= '/tmp';
  try {
    await checkProvider('webgpu');
    return undefined;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return "no WebGPU here; Debian's package chromium brings one along";
  }
}
