/** `holdpoint …`: the command line in a process of its own. */
import './guard.ts'
import { homedir } from 'node:os'
import { processTerminal } from '../cli/process-terminal.ts'
import { runCommandLine } from '../cli/program.ts'
import { doorsOf } from './command-line.ts'

const doors = doorsOf({ platform: process.platform, home: homedir(), env: process.env })
process.exitCode = await runCommandLine(doors, processTerminal(), process.argv.slice(2))
