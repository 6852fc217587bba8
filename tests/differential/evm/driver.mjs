// Questions to the C driver, answered in order.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export function openDriver(path) {
    const child = spawn(path, [], { stdio: ['pipe', 'pipe', 'inherit'] });
    const waiting = [];
    createInterface({ input: child.stdout }).on('line', (line) => waiting.shift()(JSON.parse(line)));
    child.on('exit', (code) => {
        if (waiting.length > 0) {
            throw new Error(`the driver ended with ${code} and ${waiting.length} questions open`);
        }
    });
    return {
        ask: (question) => new Promise((resolve) => {
            waiting.push(resolve);
            child.stdin.write(JSON.stringify(question) + '\n');
        }),
        close: () => child.stdin.end(),
    };
}
