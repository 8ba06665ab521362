"""CSDL theo dõi, đánh giá: roster copy, gradebook, sealed class records."""
