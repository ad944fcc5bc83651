import VAECore
/// Marks the front-end library; see ARCHITECTURE.md for its map.
public enum TUI {}
