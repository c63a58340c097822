/// Names as the standard spells them, where the tokens are lower case (13.2.6.1).
extension HTMLTree {
    /// An element's name.
    func name(of node: Int32) -> String {
        let node = self[node]
        guard node.kind != .html || node.tag == .other else { return node.tag.rawValue }
        let name = plainText(node.content).lowercasedASCII
        return node.kind == .svg ? HTMLForeignNames.elements[name] ?? name : name
    }

    /// An attribute's name on an element of a kind; in another namespace with its prefix first.
    func name(of attribute: HTMLAttribute, on kind: Kind) -> String {
        let name = plainText(attribute.name).lowercasedASCII
        switch kind {
        case .svg:
            return HTMLForeignNames.attributes[name] ?? HTMLForeignNames.prefixed[name] ?? name
        case .math:
            if name == "definitionurl" { return "definitionURL" }
            return HTMLForeignNames.prefixed[name] ?? name
        default: return name
        }
    }
}

extension String {
    /// The text with ASCII letters in lower case, all others as they are.
    fileprivate var lowercasedASCII: String {
        String(decoding: HTMLBytes.lowered(utf8), as: UTF8.self)
    }
}

/// The names of SVG that have capitals, and the attributes that have a namespace.
enum HTMLForeignNames {
    static let elements = byLowerCase(
        """
        altGlyph altGlyphDef altGlyphItem animateColor animateMotion animateTransform clipPath \
        feBlend feColorMatrix feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting \
        feDisplacementMap feDistantLight feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR \
        feGaussianBlur feImage feMerge feMergeNode feMorphology feOffset fePointLight \
        feSpecularLighting feSpotLight feTile feTurbulence foreignObject glyphRef linearGradient \
        radialGradient textPath
        """)

    static let attributes = byLowerCase(
        """
        attributeName attributeType baseFrequency baseProfile calcMode clipPathUnits \
        diffuseConstant edgeMode filterUnits glyphRef gradientTransform gradientUnits \
        kernelMatrix kernelUnitLength keyPoints keySplines keyTimes lengthAdjust \
        limitingConeAngle markerHeight markerUnits markerWidth maskContentUnits maskUnits \
        numOctaves pathLength patternContentUnits patternTransform patternUnits pointsAtX \
        pointsAtY pointsAtZ preserveAlpha preserveAspectRatio primitiveUnits refX refY \
        repeatCount repeatDur requiredExtensions requiredFeatures specularConstant \
        specularExponent spreadMethod startOffset stdDeviation stitchTiles surfaceScale \
        systemLanguage tableValues targetX targetY textLength viewBox viewTarget \
        xChannelSelector yChannelSelector zoomAndPan
        """)

    static let prefixed = Dictionary(
        uniqueKeysWithValues: [
            "xlink:actuate", "xlink:arcrole", "xlink:href", "xlink:role", "xlink:show",
            "xlink:title", "xlink:type", "xml:lang", "xml:space", "xmlns:xlink",
        ].map { name in (name, name.split(separator: ":").joined(separator: " ")) })

    private static func byLowerCase(_ names: String) -> [String: String] {
        Dictionary(
            uniqueKeysWithValues: names.split(separator: " ").map {
                (String($0).lowercasedASCII, String($0))
            })
    }
}
