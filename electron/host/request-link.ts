/** `holdpoint open`: a new link to the console that runs in a data folder. */
import { askHost, readHostFile } from './host-file.ts'

/** @returns a link that is good once, for ten minutes; null when no console of the browser shell runs there */
export async function requestLink(dataDir: string): Promise<string | null> {
  const file = await readHostFile(dataDir)
  if (file === null) return null
  const link = (await askHost(file, 'link'))?.link ?? null
  // The console of that file gives out links to its own port, and nothing else is passed on to a browser.
  return link?.startsWith(`http://127.0.0.1:${file.port}/#token=`) === true ? link : null
}
