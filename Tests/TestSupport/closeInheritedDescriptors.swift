public import Glibc

/// Lets a process that is about to be started keep only its standard streams.
///
/// The sockets of mock servers are inherited otherwise, and a connection ends only when the last process that has it has
/// closed it: its client would wait for the end of a stream until the other process is over.
public func closeInheritedDescriptors(_ actions: inout posix_spawn_file_actions_t) {
    _ = addCloseFrom(&actions, 3)
}

/// The Glibc module leaves out what glibc has beyond POSIX.
@_silgen_name("posix_spawn_file_actions_addclosefrom_np")
private func addCloseFrom(_ actions: UnsafeMutablePointer<posix_spawn_file_actions_t>, _ first: Int32) -> Int32
