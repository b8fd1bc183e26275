import { existsSync } from 'node:fs';

/** Debian's chromium package brings a Vulkan driver that computes on the CPU: every WebGPU kernel can be tested anywhere. */
const folder = '/usr/lib/chromium';
const driver = `${folder}/vk_swiftshader_icd.json`;

/** Why there is no software adapter; null where there is one. */
export const missingAdapter: string | null = existsSync(driver) ? null : `${driver} is not there (package chromium)`;

/** The environment in which a process finds the software adapter, and no other. The loader's folder counts only from the start of a process. */
export const softwareAdapter: Readonly<Record<string, string>> = {
  VK_ICD_FILENAMES: driver,
  VK_DRIVER_FILES: driver,
  LD_LIBRARY_PATH: [folder, process.env.LD_LIBRARY_PATH].filter(Boolean).join(':'),
  XDG_RUNTIME_DIR: '/tmp',
};
