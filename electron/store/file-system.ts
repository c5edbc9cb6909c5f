/**
 * Which kind of file system a folder is on. SQLite's locks and its order of writes are not kept by network file systems,
 * so the live database is refused there.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync, realpathSync, statfsSync } from 'node:fs'

/** Types of Linux's statfs(2) that are served by another machine, or by a hypervisor's host. */
const NETWORK_TYPES: ReadonlyMap<number, string> = new Map([
  [0x6969, 'nfs'],
  [0x517b, 'smb'],
  [0xff534d42, 'cifs'],
  [0xfe534d42, 'smb2'],
  [0x5346414f, 'afs'],
  [0x73757245, 'coda'],
  [0x564c, 'ncp'],
  [0x00c36400, 'ceph'],
  [0x01021997, '9p'],
  [0x47504653, 'gpfs'],
  [0x0bd00bd0, 'lustre'],
  [0x7461636f, 'ocfs2'],
  [0x01161970, 'gfs2'],
  [0x786f4256, 'vboxsf'],
  [0xbacbacbc, 'vmhgfs'],
])
const FUSE = 0x65735546
const NETWORK_NAMES =
  /^(fuse\.)?(nfs\d?|cifs|smb\w*|afpfs|webdav|sshfs|davfs2?|ceph(-fuse)?|glusterfs|s3fs|rclone|gcsfuse|vmhgfs-fuse|afs|9p)$/

export type FileSystemFacts = {
  readonly platform: NodeJS.Platform
  /** statfs(2) type; Linux only. */
  readonly type: number
  /** `/proc/self/mountinfo` on Linux, the output of `mount` on macOS, empty elsewhere. */
  readonly mounts: string
}

/**
 * @param path an absolute path without symbolic links
 * @returns the name of the network file system; null where the folder is local
 */
export function networkFileSystem(path: string, facts: FileSystemFacts): string | null {
  if (facts.platform === 'win32') return /^[\\/]{2}(?![?.][\\/][A-Za-z]:)/.test(path) ? 'a network share' : null
  if (facts.platform === 'linux') {
    const name = NETWORK_TYPES.get(facts.type >>> 0)
    if (name !== undefined) return name
    if (facts.type >>> 0 !== FUSE) return null
    return networkMount(path, linuxMounts(facts.mounts))
  }
  if (facts.platform === 'darwin') return networkMount(path, macMounts(facts.mounts))
  return null
}

type Mount = { readonly point: string; readonly type: string }

function networkMount(path: string, mounts: readonly Mount[]): string | null {
  let deepest: Mount | null = null
  for (const mount of mounts) {
    const folder = mount.point.endsWith('/') ? mount.point : `${mount.point}/`
    if (`${path}/`.startsWith(folder) && mount.point.length >= (deepest?.point.length ?? 0)) deepest = mount
  }
  return deepest !== null && NETWORK_NAMES.test(deepest.type) ? deepest.type : null
}

function linuxMounts(mountinfo: string): Mount[] {
  return mountinfo.split('\n').flatMap((line) => {
    const [before = '', after = ''] = line.split(' - ')
    const point = before.split(' ')[4]
    const type = after.split(' ')[0]
    if (point === undefined || type === undefined) return []
    return [{ point: point.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8))), type }]
  })
}

function macMounts(output: string): Mount[] {
  return output.split('\n').flatMap((line) => {
    const match = /^.* on (\/.*) \(([^,)]+)/.exec(line)
    return match?.[1] !== undefined && match[2] !== undefined ? [{ point: match[1], type: match[2] }] : []
  })
}

/** The same, asked of this machine. A machine that cannot say is taken to be local. */
export function networkFileSystemOf(folder: string): string | null {
  try {
    const path = realpathSync.native(folder)
    return networkFileSystem(path, {
      platform: process.platform,
      type: process.platform === 'linux' ? statfsSync(path).type : 0,
      mounts: mountsHere(),
    })
  } catch {
    return null
  }
}

function mountsHere(): string {
  if (process.platform === 'linux') return readFileSync('/proc/self/mountinfo', 'utf8')
  if (process.platform === 'darwin') return execFileSync('/sbin/mount', { encoding: 'utf8', timeout: 5000 })
  return ''
}
