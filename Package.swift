// swift-tools-version: 6.2

import PackageDescription

/// Upcoming language features, on for every Swift target.
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")

let package = Package(
    name: "agentctl",
    products: [
        .executable(name: "agentctl", targets: ["agentctl"]),
        .library(name: "Agents", targets: ["Agents"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.1.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.80.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.6.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.0"),
    ],
    targets: [
        // C
        .systemLibrary(name: "CLibpq", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CPCRE2", pkgConfig: "libpcre2-8", providers: [.apt(["libpcre2-dev"])]),
        .target(name: "CShims", linkerSettings: [.linkedLibrary("curl")]),
        .target(name: "CSandbox", linkerSettings: [.linkedLibrary("seccomp")]),
        .target(name: "CResources"),

        // Libraries, each usable alone
        .target(name: "Patterns", dependencies: ["CPCRE2"]),
        .target(name: "JSON", dependencies: ["Patterns"]),
        .target(
            name: "IO",
            dependencies: [
                "CLibpq", "CShims", "JSON", logging,
                .product(name: "DequeModule", package: "swift-collections"),
            ]
        ),
        .target(
            name: "EmbeddedPostgres",
            dependencies: [.product(name: "Subprocess", package: "swift-subprocess")]
        ),

        .target(name: "Sandbox", dependencies: ["CResources", "CSandbox", "IO", "JSON", logging]),

        // The domain
        .target(
            name: "Agents",
            dependencies: ["CResources", "CShims", "IO", "JSON", "Patterns", "Sandbox", logging, lifecycle]
        ),

        // The command line
        .executableTarget(
            name: "agentctl",
            dependencies: [
                "Agents", "EmbeddedPostgres", "IO", "JSON", "Patterns", "Sandbox", "Yams", logging, lifecycle,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]
        ),

        // Tests
        .target(
            name: "TestSupport",
            dependencies: [
                "Agents", "EmbeddedPostgres", "IO", "JSON", logging,
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "Subprocess", package: "swift-subprocess"),
            ],
            path: "Tests/TestSupport"
        ),
        .target(
            name: "CrashSupport",
            dependencies: [
                "Agents", "EmbeddedPostgres", "IO", "JSON", "TestSupport", logging,
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            path: "Tests/CrashSupport"
        ),
        .testTarget(name: "PatternsTests", dependencies: ["Patterns"]),
        .testTarget(name: "JSONTests", dependencies: ["JSON"], resources: [.copy("Suites")]),
        .testTarget(name: "IOTests", dependencies: ["IO", "JSON", "TestSupport"]),
        .executableTarget(
            name: "SandboxProbe",
            dependencies: ["JSON", "Sandbox", logging],
            path: "Tests/SandboxProbe"
        ),
        .testTarget(name: "SandboxTests", dependencies: ["JSON", "Sandbox", "SandboxProbe", "TestSupport", logging]),
        .testTarget(name: "EmbeddedPostgresTests", dependencies: ["EmbeddedPostgres", "TestSupport"]),
        .testTarget(
            name: "AgentsTests",
            dependencies: ["Agents", "IO", "JSON", "Sandbox", "TestSupport", lifecycle, logging]
        ),
        .testTarget(
            name: "agentctlTests",
            dependencies: ["agentctl", "Agents", "CrashSupport", "IO", "JSON", "Sandbox", "TestSupport"]
        ),
        .executableTarget(name: "Chaos", dependencies: ["CrashSupport"], path: "Tests/Chaos"),
        .executableTarget(
            name: "Benchmarks",
            dependencies: ["Agents", "EmbeddedPostgres", "IO", "JSON", "Sandbox", "TestSupport", logging],
            path: "Tests/Benchmarks"
        ),
    ]
)

/// Targets in C are named CShims and so on.
func isSwift(_ target: Target) -> Bool {
    let beginning = target.name.prefix(2)
    return ![.system, .plugin].contains(target.type) && !(beginning.first == "C" && beginning == beginning.uppercased())
}

for target in package.targets where isSwift(target) {
    target.swiftSettings = settings
}
