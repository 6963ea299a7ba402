import SandboxProbe
import Testing

@testable import Sandbox

@Suite struct ShellMemoryTests {
    /// Runs a script with at most 128 MiB, for the whole command as for each of its processes.
    ///
    /// `stay()` lasts longer than the longest time between two looks, several times.
    private func run(_ script: String) async throws -> ShellOutcome {
        let limits = SandboxLimits(timeout: .seconds(60), memoryBytes: 128 << 20)
        let head = """
            import mmap, os, time
            def stay(): time.sleep(0.5)
            def fill(pages):
                for offset in range(0, len(pages), 4096): pages[offset] = 1
                return pages

            """
        return try await withSandbox { sandbox in
            try await sandbox.run(
                ShellCall("/usr/bin/python3 -c '\(head + script)'; exit $?", workspace: .none, limits: limits)
            )
        }
    }

    @Test func processesThatPassTheLimitTogetherAreKilled() async throws {
        let outcome = try await run(
            """
            for _ in range(6):
                if os.fork() == 0:
                    kept = fill(bytearray(60 << 20))
                    time.sleep(86394)
            print("started", flush=True)
            time.sleep(86394)
            """
        )
        #expect(outcome.exitReason == .memory, "\(outcome)")
        #expect(outcome.exitCode == nil)
        #expect(outcome.output == "started\n")
        #expect(outcome.duration < .seconds(30))
    }

    @Test func sharedMemoryThatNoLimitOfAProcessCoversIsCounted() async throws {
        let outcome = try await run("kept = fill(mmap.mmap(-1, 300 << 20))\ntime.sleep(86394)")
        #expect(outcome.exitReason == .memory, "\(outcome)")
    }

    @Test func whatProcessesShareCountsOnce() async throws {
        let outcome = try await run(
            """
            kept, shared = fill(bytearray(60 << 20)), fill(mmap.mmap(-1, 20 << 20))
            for _ in range(4):
                if os.fork() == 0: break
            stay()
            """
        )
        #expect(outcome.exitReason == .ok, "\(outcome)")
    }

    @Test func filesAreNotCounted() async throws {
        let outcome = try await run(
            """
            file = os.open("/usr/bin/python3", os.O_RDONLY)
            size = os.fstat(file).st_size
            kept = [mmap.mmap(file, size, mmap.MAP_SHARED, mmap.PROT_READ) for _ in range((256 << 20) // size)]
            for pages in kept: sum(pages[::4096])
            print(any("RssFile" in line and int(line.split()[1]) > 200 << 10 for line in open("/proc/self/status")))
            stay()
            """
        )
        #expect(outcome.exitReason == .ok, "\(outcome)")
        #expect(outcome.output == "True\n")
    }

    @Test func memoryThatNobodyNeedMapCannotBeHad() async throws {
        let outcome = try await run(#"os.memfd_create("hidden")"#)
        #expect(outcome.output.contains("Function not implemented"))
    }

    @Test func theNearerTheLimitTheSoonerTheNextLook() {
        func delay(_ used: Int, _ cost: Duration = .zero) -> Duration {
            MemoryWatch.delay(used: used << 20, limit: 512 << 20, cost: cost)
        }
        #expect(delay(0) == .microseconds(65_536))
        #expect(delay(256) == .microseconds(32_768))
        #expect(delay(511) == .milliseconds(10))
        #expect(MemoryWatch.delay(used: 0, limit: 64 << 30, cost: .zero) == .milliseconds(100))
        // And a look that takes long is not made all the time.
        #expect(delay(511, .milliseconds(5)) == .milliseconds(100))
        #expect(delay(511, .milliseconds(30)) == .milliseconds(600))
        #expect(delay(511, .milliseconds(300)) == .seconds(1))
    }
}
