/** `npm run test:desktop`: the desktop shell in the real Electron, where its runtime is; else it says so and fails. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './support/command.ts'
import { buildSuite, playwrightSuite } from './support/suites.ts'
import { closingLine } from './support/tally.ts'

const obstacle = findObstacle()
if (obstacle === null) {
  const tallies = [await buildSuite(), await playwrightSuite('desktop')]
  for (const title of tallies.flatMap((tally) => tally.failed)) console.log(`failed: ${title.split('\n')[0]}`)
  console.log(closingLine(tallies))
  process.exitCode = tallies.every((tally) => tally.failed.length === 0) ? 0 : 1
} else {
  console.error(obstacle)
  process.exitCode = 1
}

function findObstacle(): string | null {
  const electron = join(ROOT, 'node_modules/electron')
  const pathFile = join(electron, 'path.txt')
  if (!existsSync(pathFile) || !existsSync(join(electron, 'dist', readFileSync(pathFile, 'utf8')))) {
    return 'The desktop suite was not run: the Electron runtime is not here. Fetch it with: npx install-electron'
  }
  if (process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) {
    return 'The desktop suite was not run: there is no display. Run it under xvfb-run.'
  }
  return null
}
