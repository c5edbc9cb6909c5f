/** A machine that lacks a part of the tests gets it, or is told what it lacks: nothing is skipped for want of it. */
import { describe, expect, test } from 'vitest'
import { type Machine, provideSystemParts } from '../support/system-parts.ts'

const WHOLE = ['chromium', 'sshd', 'ssh-keygen', 'openssl', 'python3', 'ps', 'zstd', 'sudo', 'busybox']

describe('provideSystemParts', () => {
  test('a whole machine is left alone', () => {
    const machine = machineWith(WHOLE)
    expect(ask(machine)).toEqual({ lines: [], said: [] })
    expect(machine.installed).toEqual([])
  })

  test('another Chromium will do', () => {
    const others = WHOLE.filter((name) => name !== 'chromium')
    expect(ask(machineWith([...others, 'google-chrome'])).lines).toEqual([])
  })

  test('as root on Debian what is missing, and only that, is installed', () => {
    const machine = machineWith(['sshd', 'ssh-keygen', 'openssl', 'python3', 'zstd', 'sudo', 'busybox'])
    expect(ask(machine)).toEqual({ lines: [], said: ['installing chromium, procps (no service is started)'] })
    expect(machine.installed).toEqual(['chromium', 'procps'])
  })

  test('an install that did not help is told as what is still missing', () => {
    const machine = { ...machineWith(['chromium']), install: () => undefined }
    expect(ask(machine).lines[0]).toContain(
      'OpenSSH server, OpenSSH client, OpenSSL, Python 3, ps, Zstandard, sudo, BusyBox',
    )
  })

  test('without root nothing is installed, and the command is told', () => {
    const machine = { ...machineWith(WHOLE.filter((name) => name !== 'sshd')), isRoot: false }
    expect(ask(machine)).toEqual({
      lines: [
        'The tests need OpenSSH server, and this machine has no sshd.',
        'Install with: sudo apt-get update && sudo apt-get install --no-install-recommends openssh-server',
      ],
      said: [],
    })
    expect(machine.installed).toEqual([])
  })

  test('elsewhere than on Debian the parts are named', () => {
    const machine = { ...machineWith([]), isDebian: false }
    expect(ask(machine).lines[1]).toBe(
      'Install what Debian calls: chromium openssh-server openssh-client openssl python3 procps zstd sudo busybox',
    )
    expect(machine.installed).toEqual([])
  })
})

function ask(machine: Machine): { lines: string[]; said: string[] } {
  const said: string[] = []
  return { lines: provideSystemParts((line) => said.push(line), machine), said }
}

/** A Debian machine, root, on which installing works. */
function machineWith(commands: readonly string[]): Machine & { readonly installed: string[] } {
  const installed: string[] = []
  const brings: Readonly<Record<string, string>> = { chromium: 'chromium', procps: 'ps', 'openssh-server': 'sshd' }
  const has = (name: string) => commands.includes(name) || installed.some((one) => brings[one] === name)
  return {
    isRoot: true,
    isDebian: true,
    find: (name) => (has(name) ? `/usr/bin/${name}` : undefined),
    install: (packages) => void installed.push(...packages),
    installed,
  }
}
