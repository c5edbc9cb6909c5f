/** axe finds nothing on any screen, in either theme. */
import type { Page } from '@playwright/test'
import { expect, expectAccessible, test } from './screens.ts'
import { goTo, RUN, withStage } from './stage-under-test.ts'

test.setTimeout(300_000)
// What axe says names the element; a trace would take longer than axe.
test.use({ trace: 'off' })

type Scene = {
  readonly name: string
  readonly needsSetup?: boolean
  readonly isEmpty?: boolean
  readonly open: (page: Page) => Promise<void>
}

const heading = (page: Page, name: string | RegExp) =>
  expect(page.getByRole('heading', { name, level: 1 })).toBeVisible()

const SCENES: readonly Scene[] = [
  { name: 'first start', needsSetup: true, open: (page) => expect(page.getByLabel('Your name')).toBeVisible() },
  { name: 'changes without a run', isEmpty: true, open: (page) => expect(page.getByText('No run yet')).toBeVisible() },
  { name: 'changes', open: (page) => expect(page.getByText('Open the cockpit')).toBeVisible() },
  {
    name: 'runbooks',
    open: async (page) => {
      await goTo(page, '#/runbook')
      await heading(page, 'Runbooks')
    },
  },
  {
    name: 'runbook with faults',
    open: async (page) => {
      await goTo(page, '#/runbook/sample%3Afaulty')
      await expect(page.getByText('unknown-variable').first()).toBeVisible()
    },
  },
  {
    name: 'plan of a run',
    open: async (page) => {
      await goTo(page, '#/runbook/sample%3Aorders')
      await expect(page.getByText('no fault')).toBeVisible()
      await page.keyboard.press('p')
      await expect(page.getByRole('dialog')).toBeVisible()
    },
  },
  {
    name: 'cockpit',
    open: async (page) => {
      await goTo(page, `#/run/${RUN}`)
      await expect(page.locator('#question')).toBeVisible()
      await expect(page.locator('.xterm-rows')).toContainText('tar:')
    },
  },
  {
    name: 'backing out',
    open: async (page) => {
      await goTo(page, `#/run/${RUN}`)
      await expect(page.locator('#question')).toBeVisible()
      await page.keyboard.press('b')
      await expect(page.getByRole('dialog')).toBeVisible()
    },
  },
  {
    name: 'replay',
    open: async (page) => {
      await goTo(page, `#/replay/${RUN}`)
      await expect(page.getByText('REPLAY', { exact: true })).toBeVisible()
      await expect(page.getByRole('slider', { name: 'Entry' })).toBeVisible()
      await page.keyboard.press('[')
      await expect(page.getByText('Then is not now')).toBeVisible()
    },
  },
  {
    name: 'log',
    open: async (page) => {
      await goTo(page, '#/log/45')
      await heading(page, 'Log')
      await expect(page.getByText('run.started').first()).toBeVisible()
    },
  },
  {
    name: 'archive',
    open: async (page) => {
      await goTo(page, '#/archive')
      await heading(page, 'Archive')
    },
  },
  {
    name: 'settings',
    open: async (page) => {
      await goTo(page, '#/settings')
      await heading(page, 'Settings')
    },
  },
  {
    name: 'command palette',
    open: async (page) => {
      await expect(page.getByText('Open the cockpit')).toBeVisible()
      await page.keyboard.press('Control+k')
      await expect(page.getByRole('dialog')).toBeVisible()
    },
  },
  {
    name: 'keys',
    open: async (page) => {
      await expect(page.getByText('Open the cockpit')).toBeVisible()
      await page.keyboard.press('?')
      await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible()
    },
  },
]

for (const scene of SCENES) {
  test(scene.name, ({ page }) =>
    withStage(page, { needsSetup: scene.needsSetup === true, isEmpty: scene.isEmpty === true }, async () => {
      await scene.open(page)
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', colorScheme)
        await expectAccessible(page)
      }
    }),
  )
}
