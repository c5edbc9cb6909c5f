/** States that a screen must hold: no connection, a stranger's key, a secret that is missing, long names, many rows. */
import { expect, expectAccessible, shot, test } from './screens.ts'
import { goTo, RUN, withStage } from './stage-under-test.ts'

test.setTimeout(240_000)

test('a lost connection is said, and what happened meanwhile is there when it is back', ({ page, watched }) => {
  watched.allow(/WebSocket connection/)
  return withStage(page, {}, async (stage) => {
    await goTo(page, `#/run/${RUN}`)
    await expect(page.locator('#question')).toBeVisible()
    await stage.refuseConnections(true)
    await expect(page.getByRole('alert')).toContainText('No connection to the console')
    await shot(page, 'state-lost')
    stage.console.act(RUN, { do: 'note', subject: 'run', note: 'written while nobody listened' })
    // As long as it is refused the button is there: a press that comes when it is back by itself would wait for ever.
    await page.getByRole('button', { name: /Try/ }).click()
    await expect(page.getByRole('alert')).toContainText('No connection to the console')
    await stage.refuseConnections(false)
    await expect(page.getByText('No connection to the console')).toHaveCount(0, { timeout: 60_000 })
    await expect(page.getByRole('link', { name: /note.recorded/ })).toBeVisible()
  })
})

test('a changed host key: refusing has the focus, and taking it needs the last four', ({ page }) =>
  withStage(page, {}, async (stage) => {
    stage.console.hostKeys.push({
      host: 'ord-db-3',
      isChanged: true,
      isRevoked: false,
      offered: { type: 'ssh-ed25519', fingerprint: `SHA256:${'f9Zd'.padEnd(39, 'x')}0HyE` },
      known: [
        { type: 'ssh-ed25519', fingerprint: `SHA256:${'pV3k'.padEnd(43, 'y')}`, source: '~/.ssh/known_hosts:41' },
      ],
    })
    await goTo(page, `#/run/${RUN}`)
    const dialog = page.getByRole('dialog', { name: 'The key of ord-db-3 has changed' })
    await expect(dialog.getByRole('button', { name: 'Refuse, keep held' })).toBeFocused()
    const accept = dialog.getByRole('button', { name: /Accept/ })
    await expect(accept).toHaveAttribute('aria-disabled', 'true')
    await dialog.getByRole('textbox').fill('0HyF')
    await expect(accept).toHaveAttribute('aria-disabled', 'true')
    await dialog.getByRole('textbox').fill('0HyE')
    await expect(accept).not.toHaveAttribute('aria-disabled')
    await shot(page, 'state-host-key')
    await accept.click()
    await expect(dialog).toHaveCount(0)
    expect(stage.console.hostKeys).toEqual([])
  }))

test('a revoked host key is not offered to be taken: the dialog names the line that revokes it', ({ page }) =>
  withStage(page, {}, async (stage) => {
    const fingerprint = `SHA256:${'pV3k'.padEnd(43, 'y')}`
    stage.console.hostKeys.push({
      host: 'ord-db-3',
      isChanged: false,
      isRevoked: true,
      offered: { type: 'ssh-ed25519', fingerprint },
      known: [{ type: 'ssh-ed25519', fingerprint, source: '/home/anna/holdpoint/known_hosts:3' }],
    })
    await goTo(page, `#/run/${RUN}`)
    const dialog = page.getByRole('dialog', { name: 'The key of ord-db-3 is revoked' })
    await expect(dialog.getByText(/delete line 3 of \/home\/anna\/holdpoint\/known_hosts, then try/)).toBeVisible()
    await expect(dialog.getByRole('button', { name: /Accept/ })).toHaveCount(0)
    await expect(dialog.getByRole('button', { name: 'Keep held' })).toBeFocused()
    await shot(page, 'state-host-key-revoked')
    await page.keyboard.press('Enter')
    await expect(dialog).toHaveCount(0)
  }))

test('after verifying, the log says what its high-water mark proves and where it lies', ({ page }) =>
  withStage(page, {}, async () => {
    await goTo(page, '#/log')
    await page.getByRole('button', { name: /^Verify/ }).click()
    await expect(
      page.getByText(/^Not shorter than this machine remembers: .*in \/home\/anna\/\.local\/state\/holdpoint\/marks/),
    ).toBeVisible()
    await expect(page.getByText(/^compared \d/)).toBeVisible()
    await shot(page, 'state-log-verified')
  }))

test('a missing secret is asked for, and its value is nowhere on the page afterwards', ({ page }) =>
  withStage(page, {}, async (stage) => {
    stage.console.secrets = ['password']
    await goTo(page, `#/run/${RUN}`)
    const dialog = page.getByRole('dialog', { name: 'A secret is needed' })
    await dialog.getByLabel('password').fill('hunter2-hunter2')
    await page.keyboard.press('Enter')
    await expect(dialog).toHaveCount(0)
    expect(await page.content()).not.toContain('hunter2')
  }))

test('a question stays under the hand that answers it, whatever is asked meanwhile', ({ page }) =>
  withStage(page, {}, async (stage) => {
    await goTo(page, `#/run/${RUN}`)
    await page.getByRole('button', { name: 'Next question' }).click()
    await expect(page.locator('#question')).toHaveText(/Install orders 8.4, driver 15 on ord-app-07/)
    await page.keyboard.press('2')
    await page.getByLabel('Reason, required').fill('half a rea')
    stage.console.act(RUN, { do: 'hold', reason: 'another console’s lead holds' })
    await expect(page.getByText('3 answers asked')).toBeVisible()
    await expect(page.locator('#question')).toHaveText(/Install orders 8.4, driver 15 on ord-app-07/)
    await expect(page.getByLabel('Reason, required')).toHaveValue('half a rea')
    await expect(page.getByRole('button', { name: /Sign: skip ord-app-07/ })).toBeVisible()
  }))

test('the board is read by arrow keys: every cell has its name', ({ page }) =>
  withStage(page, {}, async () => {
    await goTo(page, `#/run/${RUN}`)
    await page.getByRole('button', { name: 'Next question' }).click()
    const grid = page.getByRole('grid')
    await grid.focus()
    const active = () =>
      grid.getAttribute('aria-activedescendant').then((id) => page.locator(`[id="${id}"]`).getAttribute('aria-label'))
    await expect.poll(active).toBe('Install orders 8.4, driver 15 on ord-app-07, failed')
    await page.keyboard.press('ArrowRight')
    await expect.poll(active).toBe('Install orders 8.4, driver 15 on ord-app-08, running')
    await page.keyboard.press('ArrowDown')
    await expect.poll(active).toBe('Point at 15, raise the pool on ord-app-08, waiting')
    await page.keyboard.press('Home')
    await expect.poll(active).toMatch(/^Step 5, Business check/)
  }))

test('where another console drives, nothing is offered but to take the run over', ({ page }) =>
  withStage(page, {}, async (stage) => {
    stage.console.origin = 'holdpoint/11111111-0000-4000-8000-00000000d021/00000001'
    await page.reload()
    await goTo(page, `#/run/${RUN}`)
    await expect(page.getByText('Another console drives this run')).toBeVisible()
    await page.keyboard.press('2')
    await expect(page.getByRole('button', { name: 'Take the run over to answer' })).toHaveAttribute(
      'aria-disabled',
      'true',
    )
    await expect(page.getByRole('button', { name: /^(Hold|Back out|More acts)/ })).toHaveCount(0)
    await page.getByRole('button', { name: 'Take over' }).click()
    const dialog = page.getByRole('dialog', { name: 'Take this run over' })
    await expect(dialog).toContainText('6f0c1d2e…/00000002')
    await expect(dialog).toContainText('Rebuild the replicas on ord-db-3')
    await expectAccessible(page)
  }))

test('what a verification found stands beside the question, which stays open', ({ page }) =>
  withStage(page, {}, async () => {
    await goTo(page, `#/run/${RUN}`)
    await expect(page.locator('#question')).toHaveText('Rebuild the replicas on ord-db-2: what happened?')
    await page.keyboard.press('1')
    await page.getByRole('button', { name: /^Sign: verify/ }).click()
    await expect(page.locator('#question')).toHaveText(/Install orders 8.4, driver 15 on ord-app-07 failed/)
    await page.getByRole('button', { name: 'Next question' }).click()
    const known = page.getByRole('list', { name: 'Not known' })
    await expect(known).toContainText('the link was lost')
    await expect(known).toContainText(
      'Verification 1: did not pass, exit 1 after 4 s. This does not say that it failed.',
    )
    await shot(page, 'state-verified')
  }))

test('hostile output changes nothing but what is shown', ({ page }) =>
  withStage(page, {}, async (stage) => {
    stage.console.output = {
      stdout:
        '\u001B]0;owned\u0007\u001B]8;;https://example.org\u0007click\u001B]8;;\u0007\u001B[38;2;1;2;3mtrue colour\u001B[0m <img src=x onerror=alert(1)>\n\u001B]52;c;b3duZWQ=\u0007',
      stderr: '',
    }
    await goTo(page, `#/run/${RUN}`)
    await expect(page.locator('.xterm-rows')).toContainText('true colour')
    await expect(page.locator('.xterm-rows')).toContainText('<img src=x')
    expect(await page.title()).toMatch(/Holdpoint$/)
    const rows = await page.locator('.xterm-rows').boundingBox()
    await page.mouse.click((rows?.x ?? 0) + 8, (rows?.y ?? 0) + 6)
    expect(page.context().pages()).toHaveLength(1)
  }))

test('a thousand steps on thirty hosts: drawn in part, moved through by keys, and every name whole in its place', ({
  page,
}) =>
  withStage(page, {}, async (stage) => {
    const run = stage.console.planLarge(1000, 30)
    await goTo(page, `#/run/${run}`)
    await expect(page.getByRole('grid')).toHaveAttribute('aria-rowcount', '1004')
    expect(await page.locator('[role=gridcell]').count()).toBeLessThan(3000)
    await page.getByRole('grid').focus()
    await page.keyboard.press('End')
    await expect(page.getByRole('rowheader', { name: /^Step 1000,/ })).toBeVisible()
    for (let host = 0; host < 20; host += 1) await page.keyboard.press('ArrowRight')
    const chosen = await page.getByRole('grid').getAttribute('aria-activedescendant')
    await expect(page.locator(`[id="${chosen}"]`)).toBeInViewport()
    await expect(page.locator(`[id="${chosen}"]`)).toHaveAttribute('aria-label', / 1000 on node-019,/)
    await shot(page, 'state-thousand')
  }))

test('at 1024 × 700 the question, its answers and the signature stay on screen', ({ page }) =>
  withStage(page, {}, async () => {
    await page.setViewportSize({ width: 1024, height: 700 })
    await goTo(page, `#/run/${RUN}`)
    await expect(page.locator('#question')).toBeInViewport()
    await expect(page.getByRole('button', { name: 'Choose an answer' })).toBeInViewport({ ratio: 1 })
    await expect(page.getByRole('button', { name: /Back out/ })).toBeInViewport({ ratio: 1 })
    await page.getByRole('radio', { name: 'Hosts' }).check()
    await expect(page.getByRole('gridcell', { name: /ord-app-07, failed/ })).toBeInViewport()
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    expect(overflow).toBeLessThanOrEqual(0)
    await shot(page, 'state-1024')
  }))

test('a page that was not let in says how to get in', ({ page, watched }) => {
  watched.allow(/WebSocket/)
  return withStage(page, {}, async (stage) => {
    await page.evaluate(() => sessionStorage.clear())
    await page.goto('about:blank')
    await page.goto(stage.url.replace(/#.*/, '#/'))
    await expect(page.getByRole('heading', { name: 'This page was not let in' })).toBeVisible()
    await expect(page.getByText('holdpoint open')).toBeVisible()
  })
})

test('a run that was under way in a log which was kept aside is not forgotten', ({ page }) =>
  withStage(page, {}, async (stage) => {
    const run = { run: 'orders-db-20261123-0a1b2c', mode: 'live', isPractice: false, result: null } as const
    stage.console.earlier = [
      {
        file: 'journal.00c0ffee.db',
        problem: null,
        runs: [{ ...run, title: 'Orders database 14 → 15', phase: 'running' }],
      },
      { file: 'journal.0badf00d.db', problem: 'It is not a journal.', runs: [] },
    ]
    await page.reload()
    await expect(page.getByText('Orders database 14 → 15 was under way in an earlier log')).toBeVisible()
    await expect(page.getByText(`holdpoint replay`)).toContainText(run.run)
    await expect(page.getByText('The earlier log journal.0badf00d.db cannot be read')).toBeVisible()
    await expectAccessible(page)
    await shot(page, 'state-earlier-log')
  }))
