/**
 * The whole main job in a real browser, by clicks and keys alone: from the first start over a live run that fails and is
 * backed out to a verified archive and the replay. No call of the API, no seeded database.
 */
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { type HostUnderTest, withHost } from './host-under-test.ts'
import { expect, shot, test } from './screens.ts'

test.setTimeout(600_000)

const question = (page: Page) => page.locator('#question')

/** Chooses an answer by its key and signs it by keys, after the question is there. */
async function answer(page: Page, asked: RegExp, key: string, reason?: string): Promise<void> {
  await expect(question(page)).toHaveText(asked, { timeout: 60_000 })
  await question(page).click()
  await page.keyboard.press(key)
  if (reason !== undefined) await page.getByLabel(/^(Reason|Condition)/).fill(reason)
  await page.keyboard.press('Control+Enter')
}

test('from first start to verified archive and replay', ({ page }) => withHost(page, (host) => mainJob(page, host)))

async function mainJob(page: Page, host: HostUnderTest): Promise<void> {
  await test.step('the first start asks for a name and a key, nothing else', async () => {
    await page.goto(host.link)
    await page.getByLabel('Your name').fill('Katrin Vogel')
    await expect(page.getByRole('textbox')).toHaveCount(2)
    await shot(page, '01-first-start')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('heading', { name: 'Changes' })).toBeVisible()
    expect(page.url()).not.toContain('token')
  })

  await test.step('a runbook is checked and a live run is planned', async () => {
    await expect(page.getByText('No run yet')).toBeVisible()
    await shot(page, '02-changes')
    await page.getByRole('link', { name: 'Shop 4.2.0 to production' }).click()
    await expect(page.getByText('no fault')).toBeVisible()
    await expect(page.getByRole('region', { name: 'Text of runbook.yaml' })).toContainText('holdpoint: runbook/v1')
    await page.getByRole('button', { name: /Deploy the release/ }).click()
    await expect(page.getByRole('region', { name: 'Step Deploy the release' })).toContainText('2 hosts: app1, app2')
    await shot(page, '03-runbook')
    await page.keyboard.press('p')
    await page.getByRole('radio', { name: /^Live/ }).check()
    await shot(page, '04-plan')
    await page.getByRole('button', { name: 'Plan the live run' }).click()
  })

  await test.step('the run starts, its checks run, and it stops at the hold point', async () => {
    await expect(page.getByText('LIVE', { exact: true })).toBeVisible({ timeout: 30_000 })
    await expect(page.getByText('PRACTICE HOSTS', { exact: true })).toBeVisible()
    await expect(question(page)).toHaveText('Start the live run?')
    await page.keyboard.press('Control+Enter')
    await expect(question(page)).toHaveText(/Go \/ no-go: go or no-go/, { timeout: 90_000 })
    await expect(page.getByRole('gridcell', { name: 'Room under the quota on app2, warned' })).toBeVisible()
    await expect(page.getByText('Go is offered when all of these have approved.')).toBeVisible()
    await shot(page, '05-hold-point')
  })

  await test.step('two people approve with keys of their own, and the lead decides go', async () => {
    for (const role of ['application-owner', 'operations']) {
      await page.getByRole('button', { name: `Approve or refuse as ${role}` }).click()
      await expect(page.getByRole('dialog')).toContainText('practice approver')
      await page.getByRole('button', { name: 'Sign and approve' }).click()
      await expect(page.getByRole('dialog')).toHaveCount(0)
      await expect(page.getByRole('list', { name: 'Approvals' })).toContainText(`${role}1 of 1 approved`)
    }
    await answer(page, /Go \/ no-go/, '1', 'Package checked, quota on app2 accepted')
  })

  await test.step('a manual step is recorded for a colleague, with evidence', async () => {
    await expect(question(page)).toHaveText(/Tell the service desk/, { timeout: 60_000 })
    await page.getByLabel(/^Evidence/).fill('Status page, entry 1182')
    await page.getByRole('button', { name: /Record for a colleague/ }).click()
    await page.getByLabel('Done by').fill('M. Brandt')
    await shot(page, '06-manual')
    await answer(page, /Tell the service desk/, '2')
  })

  await test.step('a script fails on one host: its output says why, each answer says what it would do', async () => {
    await expect(question(page)).toHaveText('Deploy the release on app2 failed. What next?', { timeout: 90_000 })
    await expect(page.locator('.xterm-rows')).toContainText('quota exceeded', { timeout: 30_000 })
    await expect(page.getByRole('radio', { name: /^1?\s*Retry/ })).toBeVisible()
    await expect(page.getByRole('radiogroup', { name: 'Answers' })).toContainText(
      'Undoes 1 step on 2 hosts, newest first',
    )
    await shot(page, '07-failed')
  })

  await test.step('backing out asks for its scope in letters before it is signed', async () => {
    const whole = page.getByRole('radio', { name: /Back out the whole run/ })
    await whole.check()
    await page.getByLabel('Reason, required').fill('No room for the cache on app2')
    await page.keyboard.press('Control+Enter')
    const dialog = page.getByRole('dialog')
    await expect(dialog.getByRole('list', { name: /Backout plan/ })).toContainText('Deploy the release')
    await dialog.getByRole('textbox').fill('back out 1 host')
    await page.keyboard.press('Enter')
    await expect(dialog).toBeVisible()
    await dialog.getByRole('textbox').fill('back out 2 hosts')
    await shot(page, '08-back-out')
    await page.keyboard.press('Enter')
    await expect(dialog).toHaveCount(0)
    await page.getByRole('radio', { name: 'Backout plan' }).check()
    await expect(page.getByRole('list', { name: /Backout plan/ })).toContainText('Deploy the release')
    await shot(page, '09-backing-out')
  })

  await test.step('the run is closed as backed out', async () => {
    await expect(question(page)).toHaveText(/Close the run/, { timeout: 90_000 })
    await expect(page.getByRole('gridcell', { name: 'Deploy the release on app1, backed out' })).toBeVisible()
    await answer(page, /Close the run/, '1', 'Both servers run the old release again')
    await expect(question(page)).toHaveText('Closed, backed out', { timeout: 30_000 })
    await shot(page, '10-closed')
  })

  await test.step('the log is verified, and an act shows its signature', async () => {
    await page.keyboard.press('g')
    await page.keyboard.press('l')
    await expect(page.getByRole('heading', { name: 'Log' })).toBeVisible()
    await page.getByRole('button', { name: /^Verify/ }).click()
    await expect(page.getByText(/whole/).first()).toBeVisible({ timeout: 60_000 })
    await shot(page, '11-log')
  })

  await test.step('the log is brought to an archive, which is verified there', async () => {
    await page.getByRole('link', { name: 'Archive', exact: true }).first().click()
    await page.getByRole('textbox', { name: /folder/i }).fill(join(host.folder, 'archive'))
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: /^Sync/ }).click()
    await expect(page.getByText(/has everything/).first()).toBeVisible({ timeout: 60_000 })
    await page.getByRole('button', { name: /^Verify/ }).click()
    await expect(page.getByText(/whole|unaltered|verified/i).first()).toBeVisible({ timeout: 60_000 })
    await shot(page, '12-archive')
  })

  await test.step('the replay shows what could be seen then beside what is known now', async () => {
    await page.keyboard.press('g')
    await page.keyboard.press('p')
    await expect(page.getByText('REPLAY', { exact: true })).toBeVisible()
    const slider = page.getByRole('slider', { name: 'Entry' })
    await expect(slider).toHaveAttribute('aria-valuetext', /entry/)
    const last = Number(await slider.inputValue())
    await page.keyboard.press('ArrowLeft')
    await expect(slider).toHaveValue(String(last - 1))
    // Close, back out: the state just before the second newest decision.
    await page.keyboard.press('[')
    await page.keyboard.press('ArrowLeft')
    await expect(page.getByText('Then is not now')).toBeVisible()
    const compared = page.getByRole('region', { name: 'Comparison' })
    await expect(compared).toContainText('closed, backed out')
    await expect(compared).toContainText('differs')
    await page.getByRole('button', { name: /Deploy the release on app2 failed|deploy on app2 failed/ }).click()
    await expect(compared.getByRole('row', { name: /^Deploy the release on app2/ })).toContainText('failed')
    await expect(compared.getByRole('row', { name: /^Deploy the release on app2/ })).toContainText('backed out')
    await shot(page, '13-replay')
  })
}
