// A program that embeds the engine imports Engine alone: what its tools and providers are made of comes along.
@_exported public import Conversation
@_exported public import Definitions
@_exported public import JSON
@_exported public import Models
@_exported public import Postgres
@_exported public import Store
@_exported public import Tools
