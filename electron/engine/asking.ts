/** What a connection has to ask a person: passphrases, passwords, one-time codes. Asked once, answered by whoever looks. */
import type { Host } from '../../shared/model/inventory.ts'
import type { Credentials } from './ports.ts'

export type Asked = { readonly id: string; readonly about: string; readonly text: string; readonly isSecret: boolean }

export type Asking = {
  readonly credentials: Credentials
  pending(): readonly Asked[]
  /** @param text null: nobody answers; what asked goes on without */
  answer(id: string, text: string | null): void
  onChange(listener: () => void): () => void
}

export function createAsking(): Asking {
  const open = new Map<string, { readonly asked: Asked; readonly resolve: (text: string | null) => void }>()
  const listeners = new Set<() => void>()
  let count = 0
  const tell = (): void => {
    for (const listener of listeners) listener()
  }

  function ask(about: string, text: string, isSecret: boolean): Promise<string | null> {
    count += 1
    const id = `ask-${count}`
    return new Promise((resolve) => {
      open.set(id, { asked: { id, about, text, isSecret }, resolve })
      tell()
    })
  }

  return {
    credentials: {
      passphrase: (identity) => ask(identity, 'Passphrase of this key', true),
      password: (host) => ask(nameOf(host), 'Password', true),
      async prompt(host, prompts) {
        const answers: string[] = []
        for (const { text, echo } of prompts) {
          const answer = await ask(nameOf(host), text, !echo)
          if (answer === null) return null
          answers.push(answer)
        }
        return answers
      },
    },
    pending: () => [...open.values()].map(({ asked }) => asked),
    answer(id, text) {
      const found = open.get(id)
      open.delete(id)
      found?.resolve(text)
      tell()
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

function nameOf(host: Host): string {
  return host.user === null ? host.name : `${host.user} on ${host.name}`
}
