// swift-tools-version: 6.2

import PackageDescription

// What the targets are, from the top; each uses only what is below it (scripts/arrows checks it):
//
//                               agentctl
//                                Engine
//           ┌────────────┬─────────┴──────────────┐
//       Functions      Safety     Orchestration   │
//           └─────┬──────┴──────┐                 │
//               Tools      ShellSyntax          Models
//               Store                           Wire
//                 └─────────────┬─────────────────┘
//                         Conversation
//                         Definitions
//   ─────────────────────────────────────────────────────────────────────
//   Postgres    HTTP    Sandbox    JSONSchema    EmbeddedPostgres    YAML
//       └─── Reactor ──────┘       JSON  Patterns
//    CLibpq  CLinux  CCurl   CSandbox   CPCRE2   CResources  CLibyaml

let package = Package(
    name: "agentctl",
    products: [
        .executable(name: "agentctl", targets: ["agentctl"]),
        .library(name: "Engine", targets: ["Engine"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.1.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.4.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.80.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.6.0"),
        // No traits: its default brings Foundation along.
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.0", traits: []),
    ],
    targets: [
        // C
        .systemLibrary(name: "CLibpq", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CLibyaml", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .systemLibrary(name: "CPCRE2", pkgConfig: "libpcre2-8", providers: [.apt(["libpcre2-dev"])]),
        .target(name: "CCurl", linkerSettings: [.linkedLibrary("curl")]),
        .target(name: "CLinux"),
        .target(name: "CSandbox", linkerSettings: [.linkedLibrary("seccomp")]),
        .target(name: "CResources"),

        // Libraries, each usable alone
        library("Paths", []),
        library("Patterns", ["CPCRE2"]),
        library("YAML", ["CLibyaml"]),
        library("JSON", []),
        library("JSONSchema", ["JSON", "Patterns"]),
        library("Reactor", ["CLinux"]),
        library("Postgres", ["CLibpq", "JSON", "Reactor", .deque, .logging]),
        library("HTTP", ["CCurl", "CLinux", "Reactor", .deque, .httpTypes, .logging]),
        library("EmbeddedPostgres", [.subprocess]),
        library("Sandbox", ["CResources", "CSandbox", "JSON", "Paths", "Reactor", .logging]),

        // The domain: values, statements, decisions
        library("Definitions", ["CResources", "JSON"]),
        library("Conversation", ["Definitions", "JSON"]),
        library("ShellSyntax", ["Paths", "Patterns"]),
        library("Store", ["Conversation", "Definitions", "JSON", "JSONSchema", "Postgres", "Reactor", .logging]),
        library("Wire", ["Conversation", "Definitions", "JSON"]),
        library("Models", ["Conversation", "Definitions", "HTTP", "JSON", "Patterns", "Wire", .httpTypes]),
        library(
            "Tools",
            [
                "CLinux", "Conversation", "Definitions", "HTTP", "JSON", "JSONSchema", "Paths", "Patterns", "Postgres",
                "Reactor", "Sandbox", "ShellSyntax", "Store", .httpTypes,
            ]
        ),
        library(
            "Functions",
            [
                "Conversation", "Definitions", "JSON", "JSONSchema", "Postgres", "Reactor", "Sandbox", "Store", "Tools",
                .logging,
            ]
        ),
        library(
            "Safety",
            [
                "Conversation", "Definitions", "HTTP", "JSON", "JSONSchema", "Patterns", "Reactor", "ShellSyntax",
                "Tools",
            ]
        ),
        library(
            "Orchestration",
            [
                "Conversation", "Definitions", "HTTP", "JSON", "JSONSchema", "Models", "Patterns", "Store", "Tools",
                .httpTypes,
            ]
        ),
        library(
            "Engine",
            [
                "Conversation", "Definitions", "Functions", "HTTP", "JSON", "JSONSchema", "Models", "Orchestration",
                "Postgres", "Reactor", "Safety", "Sandbox", "Store", "Tools", .lifecycle, .logging,
            ]
        ),

        // The command line
        program(
            "agentctl",
            [
                "Engine", "Conversation", "Definitions", "EmbeddedPostgres", "Functions", "HTTP", "JSON", "JSONSchema",
                "Models", "Orchestration", "Patterns", "Postgres", "Safety", "Sandbox", "Store", "Tools", "YAML",
                .httpTypes, .lifecycle, .logging, .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            linkerSettings: .staticRuntime
        ),

        // A program that embeds the engine: it sees what is public, as a program of another package does
        .executableTarget(
            name: "Embedding",
            dependencies: ["Engine", .logging],
            path: "Tests/Embedding",
            packageAccess: false
        ),

        // What tests share
        library(
            "TestSupport",
            [
                "Conversation", "EmbeddedPostgres", "HTTP", "JSON", "Reactor", "Wire", .httpTypes, .logging,
                .subprocess,
            ] + .nio,
            path: "Tests/TestSupport"
        ),
        library(
            "CrashSupport",
            [
                "Engine", "EmbeddedPostgres", "HTTP", "JSON", "Postgres", "Store", "TestSupport", "Tools", .httpTypes,
                .logging,
            ] + .nio,
            path: "Tests/CrashSupport"
        ),
        program("SandboxProbe", ["JSON", "Sandbox", .logging], path: "Tests/SandboxProbe"),
        program("Chaos", ["CrashSupport"], path: "Tests/Chaos"),
        program(
            "Benchmarks",
            [
                "Engine", "Conversation", "EmbeddedPostgres", "HTTP", "JSON", "Models", "Postgres", "Sandbox", "Store",
                "TestSupport", "Tools", .logging,
            ],
            path: "Tests/Benchmarks"
        ),

        // Tests
        tests("PatternsTests", ["Patterns"]),
        tests("YAMLTests", ["YAML"]),
        tests("JSONTests", ["JSON"], resources: [.copy("Suites")]),
        tests("JSONSchemaTests", ["JSON", "JSONSchema"], resources: [.copy("Suites")]),
        tests("ReactorTests", ["Reactor"]),
        tests("PostgresTests", ["EmbeddedPostgres", "JSON", "Postgres", "Reactor", "TestSupport"]),
        tests("HTTPTests", ["CCurl", "HTTP", "JSON", "TestSupport", .httpTypes]),
        tests("SandboxTests", ["JSON", "Sandbox", "SandboxProbe", "TestSupport", .logging]),
        tests("EmbeddedPostgresTests", ["EmbeddedPostgres", "TestSupport"]),
        tests("DefinitionsTests", ["Definitions"]),
        tests("OrchestrationTests", ["Conversation", "Definitions", "JSON", "Models", "Orchestration"]),
        tests("WireTests", ["Conversation", "Definitions", "HTTP", "JSON", "Wire"]),
        tests("ShellSyntaxTests", ["ShellSyntax"]),
        tests(
            "ModelsTests",
            ["Conversation", "Definitions", "HTTP", "JSON", "Models", "TestSupport", "Wire", .httpTypes]
        ),
        tests(
            "ToolsTests",
            [
                "Conversation", "Definitions", "HTTP", "JSON", "Reactor", "Sandbox", "TestSupport", "Tools", .httpTypes,
                .logging,
            ]
        ),
        tests("FunctionsTests", ["Definitions", "Functions", "JSON"]),
        tests("SafetyTests", ["Conversation", "JSON", "Safety"]),
        tests(
            "EngineTests",
            [
                "Engine", "Conversation", "Definitions", "Embedding", "Functions", "HTTP", "JSON", "JSONSchema",
                "Models", "Orchestration", "Postgres", "Safety", "Sandbox", "Store", "TestSupport", "Tools", "Wire",
                .httpTypes,
                .lifecycle, .logging,
            ]
        ),
        tests(
            "agentctlTests",
            [
                "agentctl", "Engine", "CrashSupport", "Definitions", "HTTP", "JSON", "Postgres", "Sandbox", "Store",
                "TestSupport",
                .httpTypes,
            ]
        ),
    ]
)

// MARK: Packages of others

extension Target.Dependency {
    static var deque: Self { .product(name: "DequeModule", package: "swift-collections") }
    static var httpTypes: Self { .product(name: "HTTPTypes", package: "swift-http-types") }
    static var lifecycle: Self { .product(name: "ServiceLifecycle", package: "swift-service-lifecycle") }
    static var logging: Self { .product(name: "Logging", package: "swift-log") }
    static var subprocess: Self { .product(name: "Subprocess", package: "swift-subprocess") }
}

extension [Target.Dependency] {
    static var nio: Self { ["NIOCore", "NIOHTTP1", "NIOPosix"].map { .product(name: $0, package: "swift-nio") } }
}

// MARK: Targets in Swift

extension [SwiftSetting] {
    /// Upcoming language features, on for every target in Swift.
    static var house: Self {
        [
            .enableUpcomingFeature("ExistentialAny"),
            .enableUpcomingFeature("InternalImportsByDefault"),
            .enableUpcomingFeature("MemberImportVisibility"),
            .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        ]
    }
}

extension [LinkerSetting] {
    /// A release is one file that runs where no Swift is installed: the runtime is part of it.
    ///
    /// `-static-stdlib` reaches the linker only, and what FoundationEssentials consists of is found by name. A debug build
    /// links the toolchain's libraries, so that building it and its tests takes less time.
    static var staticRuntime: Self {
        [
            .unsafeFlags(["-static-stdlib"], .when(configuration: .release)),
            .linkedLibrary("_FoundationCShims", .when(configuration: .release)),
            .linkedLibrary("_FoundationCollections", .when(configuration: .release)),
        ]
    }
}

func library(_ name: String, _ dependencies: [Target.Dependency], path: String? = nil) -> Target {
    .target(name: name, dependencies: dependencies, path: path, swiftSettings: .house)
}

func program(
    _ name: String,
    _ dependencies: [Target.Dependency],
    path: String? = nil,
    linkerSettings: [LinkerSetting]? = nil
) -> Target {
    .executableTarget(
        name: name,
        dependencies: dependencies,
        path: path,
        swiftSettings: .house,
        linkerSettings: linkerSettings
    )
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource]? = nil) -> Target {
    .testTarget(name: name, dependencies: dependencies, resources: resources, swiftSettings: .house)
}
