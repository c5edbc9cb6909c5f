/** The process of the practice hosts, as the console starts it from the build or in the desktop shell. */
import './guard.ts'
import '../practice/server.ts'
