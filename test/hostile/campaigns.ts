// All of them.
import type { Campaign } from './campaign.ts';
import { damage } from './damage.ts';
import { disks } from './disks.ts';
import { inputs } from './inputs.ts';
import { kills } from './kills.ts';
import { manifests } from './manifests.ts';
import { sizes } from './sizes.ts';
import { together } from './together.ts';

export const campaigns: readonly Campaign[] = [kills, damage, disks, together, inputs, manifests, sizes];
