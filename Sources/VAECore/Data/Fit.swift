// Whether a data set fits a model, for training, the commands and the screens alike.

extension ModelConfiguration {
    /// Checks that the model accepts some images: they must have its size and, for a conditional model, labels of
    /// classes that it knows.
    /// - Parameters:
    ///   - name: the name of the data set, for errors.
    ///   - sameShape: whether height, width and channels must each match, as in training. Otherwise the number of pixels
    ///     is enough, since a file from another program may not say more about its images.
    /// - Throws: `CoreError(.data)` that names the data set.
    public func requireFit(_ images: ImageSet, of name: String, sameShape: Bool = false) throws(CoreError) {
        guard sameShape ? images.shape == image : images.shape.count == image.count else {
            throw CoreError(
                .data, "images of another size than the model's", at: name, expected: image.description,
                found: images.shape.description)
        }
        guard let classes else { return }
        let labels = try images.occurringLabels(of: name)
        let known = Set(classLabels ?? Array(0..<classes))
        guard let unknown = labels.last(where: { !known.contains($0) }) else { return }
        throw CoreError(
            .data, "more classes than the model knows", at: name,
            expected: classLabels.map { "labels " + $0.map(String.init).joined(separator: ", ") } ?? "labels below \(classes)",
            found: "label \(unknown)")
    }

    /// Whether the model accepts these images.
    public func takes(_ images: ImageSet) -> Bool { (try? requireFit(images, of: "")) != nil }
}

extension Dataset {
    /// The labels that occur, ascending: the classes of a conditional model, which has two at least.
    /// - Throws: `CoreError(.data)` when the data has no labels.
    public func classLabels() throws(CoreError) -> [Int] {
        var labels = Set(try train.occurringLabels(of: name)).union(try test.occurringLabels(of: name))
        if labels.count == 1 { labels.insert(labels.contains(0) ? 1 : 0) }
        return labels.sorted()
    }

    /// The number of classes for a conditional model.
    /// - Throws: `CoreError(.data)` when the data has no labels.
    public func classes() throws(CoreError) -> Int { try classLabels().count }

    /// A class as people call it: its label, and its name where the set has one.
    public func className(_ label: Int) -> String {
        guard let classNames, classNames.indices.contains(label), !classNames[label].isEmpty else { return "\(label)" }
        return "\(label) (\(classNames[label]))"
    }
}

extension ImageSet {
    /// The labels that occur, ascending.
    fileprivate func occurringLabels(of name: String) throws(CoreError) -> [Int] {
        guard let labels else {
            throw CoreError(
                .data, "a conditional model (--conditional) needs labels", at: name, expected: "data with labels",
                found: "none")
        }
        var occurs = [Bool](repeating: false, count: 256)
        for label in labels { occurs[Int(label)] = true }
        return occurs.indices.filter { occurs[$0] }
    }
}
