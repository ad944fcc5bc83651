/// What colours and styles mean on every screen.
package enum Theme {
    /// The lines at the top and the bottom of the screen.
    package static let bar = Style(252, on: 236)
    package static let barBold = Style(231, on: 236, .bold)
    /// What is chosen.
    package static let accent: Color = 117
    /// What one should notice: a problem, the past, the cursor.
    package static let warning: Color = 215
}
