/** The inventory as people write it (`hosts.yaml`): who the hosts are and how to reach them. */
import { z } from 'zod'
import { HostName } from './words.ts'

const Tag = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/)

const reach = {
  address: z.string().min(1).optional().describe('DNS name or IP address; the name of the host when missing'),
  port: z.int().min(1).max(65535).optional().describe('22 where nothing is said'),
  user: z.string().min(1).optional().describe('Account to log in as'),
  identity: z.string().min(1).optional().describe('Path of a private key file'),
  tags: z
    .array(Tag)
    .optional()
    .describe('What a runbook selects by tag:NAME; tags of defaults, groups and host add up'),
}

export const Inventory = z.strictObject({
  holdpoint: z.literal('hosts/v1'),
  defaults: z.strictObject(reach).optional().describe('For every host'),
  groups: z
    .record(Tag, z.strictObject({ ...reach, hosts: z.array(HostName).min(1) }))
    .optional()
    .describe('Over the defaults, under the host; the later group wins'),
  hosts: z.record(HostName, z.strictObject(reach).nullable()).describe('In the order in which they are worked on'),
})
export type Inventory = z.infer<typeof Inventory>

/** A host with every default applied. */
export const Host = z.strictObject({
  name: HostName,
  address: z.string(),
  port: z.int(),
  user: z.string().nullable(),
  identity: z.string().nullable(),
  tags: z.array(Tag),
  groups: z.array(Tag),
  isPractice: z.boolean(),
})
export type Host = z.infer<typeof Host>
