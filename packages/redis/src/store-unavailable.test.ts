import { expect, test } from 'vitest';
import { isStoreUnavailable } from './store-unavailable.ts';

const withName = (name: string): Error => Object.assign(new Error('Reached the max retries'), { name });

test.each([
  ["OOM command not allowed when used memory > 'maxmemory'. script: 0f, on @user_script:3."],
  ["READONLY You can't write against a read only replica."],
  ['ERR Error running script (call to f_0f): @user_script:3: -READONLY You cannot write'],
  ['MISCONF Errors writing to the AOF file: No space left on device'],
  ['BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.'],
  ['LOADING Redis is loading the dataset in memory'],
  ['NOREPLICAS Not enough good replicas to write.'],
  ['UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)'],
  ["Stream isn't writeable and enableOfflineQueue options is false"],
  ['Connection is closed.'],
  ['Command timed out'],
  ['Command aborted due to connection close'],
  ['connect ECONNREFUSED 127.0.0.1:6379'],
  ['getaddrinfo EAI_AGAIN cache.example.com'],
])('Redis cannot take it now: %s', (message) => {
  expect(isStoreUnavailable(new Error(message))).toBe(true);
});

test('neither can one that was asked often enough, or an address that refuses without words', () => {
  expect(isStoreUnavailable(withName('MaxRetriesPerRequestError'))).toBe(true);
  expect(isStoreUnavailable(Object.assign(new AggregateError([], ''), { code: 'ECONNREFUSED' }))).toBe(true);
});

test.each([
  ['OOM command not allowed', true],
  ["ERR wrong number of arguments for 'xack' command", false],
])('a transaction is judged by what it was refused for: %s', (reason, isUnavailable) => {
  const message = 'EXECABORT Transaction discarded because of previous errors.';
  const refused = Object.assign(new Error(message), { previousErrors: [new Error(reason)] });
  expect(isStoreUnavailable(refused)).toBe(isUnavailable);
});

test.each([
  ['BUSYGROUP Consumer Group name already exists'],
  ['ERR Error running script: attempt to index a nil value'],
  ['WRONGTYPE Operation against a key holding the wrong kind of value'],
  ['job_1 was READONLY by somebody'],
  ['NOAUTH Authentication required.'],
])('a bug or a mistake stays one: %s', (message) => {
  expect(isStoreUnavailable(new Error(message))).toBe(false);
  expect(isStoreUnavailable(message)).toBe(false);
});
